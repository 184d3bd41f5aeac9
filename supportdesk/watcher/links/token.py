"""The secret part of a link. The desk holds only its digest, so that no copy of the desk grants anything."""

from __future__ import annotations

import hashlib
import re
import secrets

_BYTES = 32
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


def make_token() -> str:
    """Return 256 random bits, as 43 characters that need no escaping in an address."""
    return secrets.token_urlsafe(_BYTES)


def is_token(text: str) -> bool:
    """Return whether a text looks like a token; nothing needs to be looked up for one that does not."""
    return _TOKEN.fullmatch(text) is not None


def digest(token: str) -> str:
    """Return the digest by which a link is found: SHA-256 in hexadecimal."""
    return hashlib.sha256(token.encode("ascii")).hexdigest()
