"""Floor 1: where things are. Datum, geometry, files, addresses and the PostGIS plumbing."""
