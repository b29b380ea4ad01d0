"""Tokens of connected systems, and the tickets by which video walls come in."""
