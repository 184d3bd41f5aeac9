"""Desktop notices: which changes of the queue concern the operator, and how often they are sent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import msgspec

from supportdesk.console.notifications.bell import paging_severities
from supportdesk.sla.clocks import State
from supportdesk.tickets.ticket import Stage

if TYPE_CHECKING:
    from supportdesk.console.queue.entry import QueueEntry
    from supportdesk.console.queue.index import QueueDelta
    from supportdesk.console.session import Session

GAP = 5
"""Seconds between two notices."""


class DesktopNotice(msgspec.Struct, frozen=True):
    """What happened to a ticket, by its reference, and `details`: its summary and customer."""

    event: str
    details: str


def notices(delta: QueueDelta, session: Session, kinds: Sequence[str]) -> Iterator[DesktopNotice]:
    """Yield the notices of `kinds`: a ticket `assigned`, a `breach` of the operator's or a paging severity, a `page`.

    A `page` that found nobody is a notice for the person on duty.
    """
    if session.person is None or session.replay is not None:
        return
    before = [*((None, entry) for entry in delta.arrived), *delta.changed]
    if "assigned" in kinds:
        for was, entry in before:
            if _is_offered(entry, session.username) and not (was and was.row.owner == session.username):
                yield _notice(entry, "is offered to you")
    if "page" in kinds:
        on_duty = session.roster.duty.person == session.person
        for was, entry in before:
            if session.username in entry.row.paged and not (was and session.username in was.row.paged):
                yield _notice(entry, "is paging you")
            elif on_duty and entry.row.nobody_paged and not (was and was.row.nobody_paged):
                yield _notice(entry, "has paged nobody")
    if "breach" in kinds:
        paging = paging_severities(session.policy)
        for entry in delta.crossed:
            concerns = entry.row.owner == session.username or entry.row.severity in paging
            if entry.state is State.BREACHED and entry.is_open and concerns:
                yield _notice(entry, "is breached")


def _is_offered(entry: QueueEntry, username: str) -> bool:
    return entry.row.owner == username and entry.row.stage == Stage.ASSIGNMENT


def _notice(entry: QueueEntry, what: str) -> DesktopNotice:
    return DesktopNotice(f"{entry.row.ref} {what}", f"{entry.row.summary} ({entry.row.organisation})")


class RateLimiter:
    """Limits notices to one in `GAP` seconds; those that arrive in between are combined."""

    def __init__(self) -> None:
        self._pending: list[DesktopNotice] = []
        self._last_at: int | None = None

    def add(self, notices: Iterator[DesktopNotice]) -> None:
        """Add notices to send."""
        self._pending.extend(notices)

    def due(self, now: int, *, hide_details: bool = False) -> str:
        """Return the text to send at `now`, in epoch seconds, with or without details; empty if none is due."""
        if not self._pending or (self._last_at is not None and now - self._last_at < GAP):
            return ""
        first, *others = self._pending
        self._pending, self._last_at = [], now
        text = first.event if hide_details else f"{first.event}: {first.details}"
        return f"{text}, and {len(others)} more" if others else text
