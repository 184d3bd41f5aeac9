"""The intake: every message that arrived, what became of it, and the decision on those that wait."""
