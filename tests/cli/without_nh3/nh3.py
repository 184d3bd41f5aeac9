"""Stands in the way of the library, as if it was not installed."""

raise ImportError("No module named 'nh3'")
