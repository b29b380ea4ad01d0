"""Writing entries, searching them, and checking the chain. The caller commits."""
