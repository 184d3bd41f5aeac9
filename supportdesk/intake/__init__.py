"""Requests that come from other systems, turned into commands."""
