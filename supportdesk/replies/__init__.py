"""Canned replies: texts that staff write to customers often, with fields that are filled from a ticket."""
