"""案件办理 The steps of a case's life, with their clocks."""
