"""Parties of a case, their sealed fields, repeats and merges. The caller commits."""
