"""The dispatcher's queue: open cases, what is due first first. See docs/api.md."""
