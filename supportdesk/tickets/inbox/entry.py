"""The entries of an inbox, and the events from which they are made."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import msgspec

from supportdesk.tickets.events import Event


class InboxKind(StrEnum):
    """What an entry is about."""

    PAGE = "page"
    OFFER = "offer"
    NOTICE = "notice"
    SWAP = "swap"
    ROTA = "rota"
    SHIFT = "shift"
    MESSAGE = "message"


class InboxEntry(msgspec.Struct, frozen=True):
    """Something that was sent to a member of staff at an instant.

    `id` is unique among all desks. `text` is why it was sent. `ref` is the reference of its ticket, empty for none;
    `policy`, `severity` (keys), `organisation` (a name) and `summary` are the ticket's. `is_open` says that it waits
    for this person's response. `answer` is what became of it, `answered_by` the name of the person who responded, and
    `answered_at` when; both are empty where nobody has, or it needs no response.
    """

    id: str
    at: datetime
    kind: InboxKind
    text: str
    ref: str = ""
    policy: str = ""
    severity: str = ""
    organisation: str = ""
    summary: str = ""
    is_open: bool = False
    answer: str = ""
    answered_by: str = ""
    answered_at: datetime | None = None
    notice: str = ""
    """The key of a page or a test page about no ticket, which is acknowledged by it; empty for other entries."""
    is_undelivered: bool = False
    """Whether it is about mail that did not reach the customer, and nothing that they wrote."""


class HistoryEvent(msgspec.Struct, frozen=True):
    """An event of a ticket's history with its id, which is unique among all desks. `actor` is a username."""

    id: str
    at: datetime
    actor: str
    event: Event


_LONGEST = 200
"""The most characters of what somebody wrote in an entry."""


def shortened(text: str) -> str:
    """Return what somebody wrote in one line, as an entry shows it."""
    line = " ".join(text.split())
    return f"{line[: _LONGEST - 1]}…" if len(line) > _LONGEST else line


def event_id(seq: int, command_id: str) -> str:
    """Return an id of an event that is unique among all desks."""
    return f"{seq}-{command_id[:8]}"
