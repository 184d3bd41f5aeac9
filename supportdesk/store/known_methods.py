"""The methods by which those who watch a desk can send, for the rules of the rota."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from supportdesk.tickets.outbox.customer_mail import CUSTOMER_MAIL

if TYPE_CHECKING:
    from supportdesk.heartbeat import HeartbeatPlace

REMEMBERED = 1.0
"""Seconds for which the answer counts: a rota is looked at piece by piece."""


class KnownMethods:
    """Reads the methods from the heartbeat of a desk, when they are asked for. Any thread may ask."""

    def __init__(self, place: HeartbeatPlace) -> None:
        self._place = place
        self._known: frozenset[str] = frozenset()
        self._until = 0.0

    def __call__(self) -> frozenset[str]:
        """Return the methods by which the watchers that are alive reach the staff; none where nobody does."""
        now = time.monotonic()
        if now >= self._until:
            found = self._place.read()
            methods = found.find_methods(datetime.now(UTC)) if found is not None else ()
            self._known = frozenset(methods) - {CUSTOMER_MAIL}
            self._until = now + REMEMBERED
        return self._known
