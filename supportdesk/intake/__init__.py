"""Turns requests from other systems into commands; one folder per source."""
