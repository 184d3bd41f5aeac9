"""Candidates that are found while the operator types."""
