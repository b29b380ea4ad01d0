"""分派 Whom to send for a case, and what a person has to decide."""
