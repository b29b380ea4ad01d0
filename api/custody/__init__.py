"""首问责任 Who answers for a case, without a gap, from the first person asked to the unit."""
