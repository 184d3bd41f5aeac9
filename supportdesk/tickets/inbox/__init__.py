"""The inbox of a member of staff: what was sent to them, and whether it was responded to."""
