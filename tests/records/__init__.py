"""Changes of a desk's records, what they do to its tickets, and undo for them."""
