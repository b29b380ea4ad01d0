"""网络回调: a sender and its words."""
