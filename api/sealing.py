"""Encryption of identity fields with keys from a file outside the database."""
