"""站内通知: a sender and its words."""
