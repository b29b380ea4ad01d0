"""督办 The board of cards, the dispatcher's queue, what is late and who answers for it."""
