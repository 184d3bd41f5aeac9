"""The outbox: what goes out to customers and staff, what became of it, and the attempts at it."""
