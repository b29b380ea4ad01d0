"""大东区（示意）: a district drawn by ourselves, its addresses and a year of its reports.

Names and 12-digit codes of streets, communities and villages are public (statistics bureau, state
of 2023-06-30). Every line, every police and justice area with its code, every house and every
report is invented, and says so: nothing here tells where a real line runs.
"""
