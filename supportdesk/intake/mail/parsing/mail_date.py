"""Reads the dates that programs write into headers (RFC 5322), as UTC instants in whole seconds."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_LONGEST = 100


def read_date(text: str) -> datetime | None:
    """Return the instant of a date such as `Mon, 23 Nov 2026 09:15:00 +0000`; None for any other text."""
    try:
        at = parsedate_to_datetime(text[:_LONGEST].strip())
        zoned = at if at.tzinfo is not None else at.replace(tzinfo=UTC)
        return zoned.astimezone(UTC).replace(microsecond=0)
    except (IndexError, OverflowError, TypeError, ValueError):
        return None
