"""A service desk in the terminal: one queue, one ledger, and every promise with its clock."""

__version__ = "0.1.0"
