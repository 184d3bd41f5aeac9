"""Calls: those that ring, and those that are taken down."""
