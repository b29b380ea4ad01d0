"""What follows from a grade: the step of the life, clocks, who is told. See docs/risk.md."""
