"""Another place or category, and so other units, of a case that was sent. See docs/rules.md."""
