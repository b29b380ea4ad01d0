"""People and organisations on both sides of a case; who they are is sealed."""
