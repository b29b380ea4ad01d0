"""渠道 One folder for each way of telling somebody: a sender, and its words in zh and en."""
