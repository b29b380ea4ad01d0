"""通知 Events of the outbox carried to people and systems, again until they arrive."""
