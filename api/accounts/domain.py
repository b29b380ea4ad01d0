"""Password rules, lock-out and time-outs. Pure: no clock, no database."""
