"""Sides, roles in a conflict, and how a name is masked. Pure: no clock, no database."""
