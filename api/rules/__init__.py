"""分派规则 Routing rules as data: checked when saved, previewed, replayed over past cases."""
