"""Reads a folder of an IMAP server, and tells the server what is accounted for."""
