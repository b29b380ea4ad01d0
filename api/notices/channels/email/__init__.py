"""电子邮件: a sender and its words."""
