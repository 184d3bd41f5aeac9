"""The queue as a value to be drawn: what stands on which line, without any drawing."""
