"""The operator's inbox: what was sent to them, and what they have done with it."""
