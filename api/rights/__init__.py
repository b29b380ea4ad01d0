"""What each route asks of the asker, and what rows an asker sees."""
