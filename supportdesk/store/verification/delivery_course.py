"""Follows one delivery along the ledger: what its row may be, given the events and what a claim may have done between.

An attempt and a page that is open again are events, and give the row exactly. A claim writes no event: it may have
held back what is not urgent, and cancelled what nobody wanted any more. So several rows may be right.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

import msgspec

from supportdesk.sla.clocks import epoch
from supportdesk.store.outbox_wanted import ACKNOWLEDGED, CLOSED, TOO_OLD
from supportdesk.tickets.events import SendAttempted
from supportdesk.tickets.outbox.customer_mail import CUSTOMER_MAIL
from supportdesk.tickets.outbox.delivery import ACCEPTED, DeliveryState, find_state_after
from supportdesk.tickets.outbox.plan import LIMIT

_WAITING, _CANCELLED = DeliveryState.WAITING, DeliveryState.CANCELLED


class Course(msgspec.Struct, frozen=True):
    """What a row may be: its `due_at` is exactly this or, of what is held back by the limit, any later instant."""

    state: DeliveryState
    due_at: int | None
    held: str
    detail: str

    def find_wrong(self, row: Mapping[str, Any]) -> list[str]:
        """Return the columns of a stored row that are not so."""
        due = row["due_at"]
        is_due = (
            type(due) is int and self.due_at is not None and due > self.due_at
            if self.held == LIMIT
            else type(due) is type(self.due_at) and due == self.due_at
        )
        return [
            name
            for name, good in (
                ("state", row["state"] == self.state.value),
                ("due_at", is_due),
                ("held", row["held"] == self.held),
                ("detail", row["detail"] == self.detail),
            )
            if not good
        ]


class DeliveryCourse:
    """The courses that a delivery may have taken so far, and what its attempts have left in its row.

    `since` is the place in the ticket's history of the last event that concerned it.
    """

    def __init__(self, planned: Mapping[str, Any], since: int) -> None:
        self.planned = planned
        self.since = since
        self.attempts = 0
        self.tried_at: int | None = None
        self.is_bundled = False
        self.is_handed_off = False
        first = Course(DeliveryState(planned["state"]), planned["due_at"], planned["held"], planned["detail"])
        self.courses: tuple[Course, ...] = (first,)

    @property
    def is_delivered(self) -> bool:
        """Whether its row says that it was delivered."""
        return self.courses[0].state is DeliveryState.DELIVERED

    def list_courses(self, reasons: Iterable[str]) -> Iterator[Course]:
        """Yield what the row may be after claims which found these reasons against sending it.

        No claim changes mail to a customer.
        """
        if self.planned["method"] == CUSTOMER_MAIL:
            yield from self.courses
            return
        found = (TOO_OLD, *reasons)
        for course in self.courses:
            yield course
            if course.state is not _WAITING:
                continue
            if course.held != LIMIT and not self.planned["urgent"]:
                yield Course(_WAITING, course.due_at, LIMIT, course.detail)
            for reason in found:
                yield Course(_CANCELLED, None, "", reason)

    def cancel(self, reason: str) -> None:
        """Follow the end of what it is about."""
        self.courses = _distinct(
            Course(_CANCELLED, None, "", reason) if course.state is _WAITING else course
            for course in self.list_courses(())
        )

    def attempt(self, event: SendAttempted, at: datetime, reasons: Iterable[str], place: int) -> None:
        """Follow an attempt; the reasons are those that there were against it before."""
        due = epoch(event.retry_at) if event.retry_at is not None else None
        states = (find_state_after(course.state, event.outcome, due) for course in self.list_courses(reasons))
        self.courses = _distinct(Course(state, due, "", event.detail) for state in states)
        self.attempts += 1
        self.tried_at = epoch(at)
        self.is_bundled = event.bundled
        self.is_handed_off |= self.courses[0].state in ACCEPTED
        self.since = place

    def retry(self, due_at: int, reasons: Iterable[str], place: int) -> None:
        """Follow that somebody wants another attempt at once, which nobody can of what was cancelled."""
        self.courses = _distinct(
            Course(_WAITING, due_at, "", course.detail)
            for course in self.list_courses(reasons)
            if course.state is not _CANCELLED
        )
        self.is_handed_off = False
        self.since = place

    def send_again(self, due_at: int, reasons: Iterable[str], place: int) -> None:
        """Follow that its page is open again: what was cancelled because of a response waits again."""
        self.courses = _distinct(
            Course(_WAITING, due_at, "", "")
            if course.state is _CANCELLED and course.detail in (ACKNOWLEDGED, CLOSED)
            else course
            for course in self.list_courses(reasons)
        )
        self.since = place


def _distinct(courses: Iterable[Course]) -> tuple[Course, ...]:
    return tuple(dict.fromkeys(courses))
