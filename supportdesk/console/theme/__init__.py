"""Themes: the built-in ones, the operator's own, and the one of the first frame."""
