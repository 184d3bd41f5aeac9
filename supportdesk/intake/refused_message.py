"""Says of a message that the desk did not take in where it is now, and what to do next."""

from __future__ import annotations


def describe_refused(why: Exception) -> str:
    """Return that a message was not accounted for, why, and what to do next."""
    return f"it was not accounted for: {why}. It stays where it is: mend that, then take it in again"
