"""调解 What was done to settle a case, agreements with instalments, tasks."""
