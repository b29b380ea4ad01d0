"""时限 Working calendar, limits, running clocks and cards, by the time of the database."""
