"""Erasing a contact: what it changes in the ledger and everything made from it, and how the chain attests it."""
