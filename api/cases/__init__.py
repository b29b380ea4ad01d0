"""案件 What a case is: its number, its state, its history."""
