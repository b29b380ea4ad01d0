"""风险划分 The scored form, the grade with each point's reason, overrides, calibration."""
