"""Escalation as time passes: which steps of a severity's ladder are due, when, and whom they reach. Pure."""
