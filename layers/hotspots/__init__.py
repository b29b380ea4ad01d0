"""Where there is more than chance would put there, and how sure that is. Pure statistics."""
