"""短信网关: a sender and its words."""
