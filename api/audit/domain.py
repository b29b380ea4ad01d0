"""What is written down: deeds, entries and how they are chained. Pure: no clock, no database."""
