"""People, connected systems and units: who there is, and in which roles."""
