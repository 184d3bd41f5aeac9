"""A page or notice as it is sent to one address of one person."""

from __future__ import annotations

import hashlib
import re
from datetime import datetime
from typing import Literal

from msgspec import Struct

Kind = Literal["page", "notice", "test"]
"""A page asks for an acknowledgement, a notice informs, a test shows that an address works."""

_PLAIN_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}")


class OutgoingPage(Struct, frozen=True):
    """What one person is informed of at one address.

    `key` is the idempotency key: the same for every attempt at the same delivery, and for nothing else. `target` is the
    address in the form that the method expects, such as `jo@example.com` or `+441632960001`. `urgent` is true for what
    must not wait, such as a Critical. `person` is a name, `username` the key of the same person. `at` is aware, and
    shown in its own time zone. `reference` is empty for what concerns no ticket. `bundled` has a line for each further
    message that is sent with this one.

    Texts may hold anything: whatever is made of them for sending is cleaned and cut.
    """

    key: str
    target: str
    person: str
    kind: Kind
    at: datetime
    summary: str
    why: str = ""
    reference: str = ""
    severity: str = ""
    company: str = ""
    urgent: bool = False
    link: str | None = None
    bundled: tuple[str, ...] = ()
    username: str = ""

    @property
    def idempotency_key(self) -> str:
        """The key, or a digest of one that does not fit into a header or an address."""
        if _PLAIN_KEY.fullmatch(self.key):
            return self.key
        return hashlib.sha256(self.key.encode("utf-8", "surrogatepass")).hexdigest()[:40]
