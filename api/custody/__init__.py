"""首问责任 Who is answerable for a case, from the first person asked to the unit that accepts."""
