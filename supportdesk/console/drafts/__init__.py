"""Drafts: what was typed into forms and not sent, saved until it is."""
