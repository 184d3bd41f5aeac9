"""Compares the rows of a message and its deliveries with what events make of them.

Claims are in no event: of them only the form is checked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from supportdesk.store import tables
from supportdesk.store.backend import Reader
from supportdesk.store.findings import Findings
from supportdesk.store.outbox_rows import MessageRows
from supportdesk.store.outbox_wanted import TOO_OLD
from supportdesk.store.verification.delivery_course import Course, DeliveryCourse
from supportdesk.store.verification.rows import StoredRow, find_wrong_columns
from supportdesk.store.verification.ticket_rows import OutboxRows
from supportdesk.tickets.documents import NOTICE
from supportdesk.tickets.outbox.delivery import DeliveryState

_MESSAGES, _DELIVERIES = tables.messages.name, tables.deliveries.name
_PLANNED = ("id", "message", "place", "method", "target", "urgent")
"""The columns of a delivery that never change."""

_UNKNOWN = "no event in the ledger explains it"
_MISSING = "it is missing"


class ExpectedMessage:
    """A message with its deliveries, as events make them.

    `hand_off` are the instants, in UTC epoch seconds, of which one must be in the row; None is that nothing is awaited.
    """

    def __init__(self, rows: MessageRows, place: int = 0) -> None:
        self.row = rows.message
        self.place = place
        self.deliveries = {each["id"]: DeliveryCourse(each, place) for each in rows.deliveries}
        self.hand_off: tuple[int | None, ...] = (rows.message["hand_off_due"],)

    @property
    def is_quiet(self) -> bool:
        """Whether it is a notice of which one address is enough."""
        return self.row["kind"] == NOTICE and not self.row["urgent"]

    def may_have_arrived(self, course: DeliveryCourse) -> bool:
        """Return whether a delivery may be needless because an earlier address has its notice."""
        return self.is_quiet and any(
            each.is_delivered and each.planned["place"] < course.planned["place"]
            for each in self.deliveries.values()
        )


class OutboxReport:
    """Compares stored messages with expected ones and adds what differs to the findings."""

    def __init__(self, reader: Reader, stored: OutboxRows, findings: Findings) -> None:
        self._reader = reader
        self._stored = stored
        self._findings = findings

    def compare_message(self, expected: ExpectedMessage, stored: Mapping[str, Any]) -> None:
        """Compare a message's own row."""
        fixed = {name: value for name, value in expected.row.items() if name != "hand_off_due"}
        wrong = find_wrong_columns(self._reader, fixed, stored, {})
        due = stored["hand_off_due"]
        if not any(type(due) is type(each) and due == each for each in expected.hand_off):
            wrong.append("hand_off_due")
        self.report_difference(_MESSAGES, _name(expected.row), wrong)

    def deliveries_of(self, expected: ExpectedMessage) -> Iterator[tuple[DeliveryCourse, StoredRow]]:
        """Yield the expected deliveries of a message that are there, each with its row; report the others."""
        found = {row["id"]: row for row in self._stored.deliveries.get(expected.row["id"], ())}
        for identity, course in expected.deliveries.items():
            if identity in found:
                yield course, found.pop(identity)
            else:
                self._findings.add(_DELIVERIES, _name(expected.row, identity), _MISSING)
        for identity in found:
            self._findings.add(_DELIVERIES, _name(expected.row, identity), _UNKNOWN)

    def compare_delivery(
        self,
        expected: ExpectedMessage,
        course: DeliveryCourse,
        stored: Mapping[str, Any],
        courses: Iterable[Course],
    ) -> None:
        """Compare a delivery's row with what it may be: one of the courses."""
        expected_row = {
            **{name: course.planned[name] for name in _PLANNED},
            "attempts": course.attempts,
            "tried_at": course.tried_at,
            "bundled": course.is_bundled,
        }
        wrong = find_wrong_columns(self._reader, expected_row, stored, {})
        closest: list[str] = min((each.find_wrong(stored) for each in courses), key=len)
        wrong += closest
        self.report_difference(
            _DELIVERIES, _name(expected.row, course.planned["id"]), wrong + _find_wrong_claim(stored)
        )

    def report_difference(self, table: str, key: str, wrong: list[str]) -> None:
        """Report the columns in which a row differs."""
        if wrong:
            self._findings.add(table, key, f"differs from the ledger: {', '.join(wrong)}")

    def report_missing(self, expected: ExpectedMessage) -> None:
        """Report that a message is missing."""
        self._findings.add(_MESSAGES, _name(expected.row), _MISSING)

    def report_unknown(self, row: Mapping[str, Any]) -> None:
        """Report a message that no event has made."""
        self._findings.add(_MESSAGES, _name(row), _UNKNOWN)


def _find_wrong_claim(row: Mapping[str, Any]) -> list[str]:
    """Return the columns of a claim that cannot be one: it has a holder and an end, and is only on what waits.

    What became too old may still have a claim that expired.
    """
    holder, until = row["claimed_by"], row["claimed_until"]
    if holder is None and until is None:
        return []
    may_be_claimed = row["state"] == DeliveryState.WAITING.value or row["detail"] == TOO_OLD
    return [
        name
        for name, good in (
            ("claimed_by", isinstance(holder, str) and may_be_claimed),
            ("claimed_until", type(until) is int and may_be_claimed),
        )
        if not good
    ]


def _name(row: Mapping[str, Any], delivery: object = None) -> str:
    """Return what a finding calls a message or one of its deliveries."""
    identity = row["id"] if delivery is None else delivery
    return f"{row['ref']} {identity}" if row["ref"] is not None else f"{identity}"
