"""Servers killed at any moment, and the promises that must hold nevertheless."""
