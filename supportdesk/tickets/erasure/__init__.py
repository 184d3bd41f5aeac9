"""Erasing a person: what identifies them, and how texts and events read without it. Pure."""
