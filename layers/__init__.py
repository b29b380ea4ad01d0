"""Floor 3: what the data says. Layers that maps can draw, and their identity."""
