"""The rules of a ticket: what can be asked of it, what happens then, and what it becomes."""
