"""研判分析 What the data says: counts, hotspots, coverage; exact or k-safe by right."""
