"""Who is asking: passwords, second factor, sessions, tokens and sign-in elsewhere."""
