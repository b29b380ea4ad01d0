"""报告 What was reported, and where: the located fact."""
