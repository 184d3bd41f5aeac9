"""Incoming calls, the caller search, the log form with its severity wizard, and the read-back."""
