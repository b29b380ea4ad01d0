"""审计 What was done, by whom: append-only and hash-chained."""
