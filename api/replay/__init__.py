"""Changed rules or areas over past cases, before they hold. See docs/rules.md."""
