"""People, sign-in, sessions and tokens. The caller commits."""
