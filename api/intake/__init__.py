"""受理 The front door: place a report, keep it, open a case, dispatch it."""
