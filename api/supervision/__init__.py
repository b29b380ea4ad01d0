"""督办 What is late and whose it is, the latest cards, and whether the clocks run at all."""
