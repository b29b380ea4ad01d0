"""Who is asking: people, their roles, sessions and second factor."""
