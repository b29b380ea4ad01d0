"""Who was seen near a place, and how long ago. See docs/api.md."""
