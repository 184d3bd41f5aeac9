"""Tests of the mail that is read over IMAP, with dovecot and with a server that misbehaves."""
