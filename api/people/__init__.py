"""People and units as their administrators look after them."""
