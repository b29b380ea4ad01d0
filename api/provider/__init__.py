"""Signing in by an OpenID provider of the district, which people already trust."""
