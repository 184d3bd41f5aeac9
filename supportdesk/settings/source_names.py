"""What mailboxes and other sources of messages may be called, and the addresses and servers that they have."""

from __future__ import annotations

import re

_NAME = re.compile(r"[a-z][a-z0-9-]{0,29}")
_HOST = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9._-]{0,251}[A-Za-z0-9])?")


def is_source_name(text: str) -> bool:
    """Return whether a source may have this name: small letters, digits and dashes."""
    return _NAME.fullmatch(text) is not None


def is_host(text: str) -> bool:
    """Return whether a text has the form of a server's name."""
    return _HOST.fullmatch(text) is not None


def is_address(text: str) -> bool:
    """Return whether a text has the form of a mailbox's address."""
    name, at, domain = text.rpartition("@")
    return bool(name and at) and is_host(domain)
