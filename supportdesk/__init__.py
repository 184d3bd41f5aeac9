"""A service desk in the terminal: one queue, one ledger, and a running clock on every target."""

__version__ = "0.1.0"
