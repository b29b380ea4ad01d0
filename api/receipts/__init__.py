"""回执 Receipts: where a party sees the step of a case, its units and the time left."""
