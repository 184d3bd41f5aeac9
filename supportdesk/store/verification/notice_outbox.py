"""Compares the messages about no ticket with the notices, and finds what belongs to no event at all.

Attempts to send such a message are no events. Once there was one, it is only checked whether the columns that it left
agree with each other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from supportdesk.store import tables
from supportdesk.store.backend import Reader
from supportdesk.store.findings import Findings
from supportdesk.store.outbox_rows import MessageEvent, MessageRows, Reach, make_message_rows
from supportdesk.store.outbox_wanted import ARRIVED, find_end_of_notice
from supportdesk.store.verification.delivery_course import Course, DeliveryCourse
from supportdesk.store.verification.outbox import ExpectedMessage, OutboxReport
from supportdesk.store.verification.outbox_facts import OutboxFacts
from supportdesk.store.verification.ticket_rows import OutboxRows
from supportdesk.tickets.documents import DeskNotice
from supportdesk.tickets.outbox.delivery import DeliveryState
from supportdesk.tickets.outbox.plan import LIMIT
from supportdesk.tickets.records.events import NoticeSent

_MESSAGES, _DELIVERIES = tables.messages.name, tables.deliveries.name
_FIND_STRAY = (
    f"SELECT id, ref FROM {_MESSAGES} WHERE ref IS NOT NULL"  # noqa: S608 - names of ours
    f" AND NOT EXISTS (SELECT 1 FROM ledger WHERE ledger.ref = {_MESSAGES}.ref) ORDER BY 1, 2"
)
_FIND_ORPHANS = (
    f"SELECT id FROM {_DELIVERIES} WHERE NOT EXISTS"  # noqa: S608 - names of ours
    f" (SELECT 1 FROM {_MESSAGES} WHERE {_MESSAGES}.id = {_DELIVERIES}.message) ORDER BY 1"
)
_WAITING = DeliveryState.WAITING
_STATES = {each.value for each in DeliveryState}


class _NoticeMessage(ExpectedMessage):
    """A message of a notice. `ends` are what ended the notice since it was sent."""

    def __init__(self, rows: MessageRows, ends: Sequence[DeskNotice]) -> None:
        super().__init__(rows)
        self.has_ended = bool(ends)
        for course in self.deliveries.values():
            for each in ends:
                course.cancel(find_end_of_notice(each))


def compare_notices(reader: Reader, findings: Findings, facts: OutboxFacts) -> None:
    """Compare every message about no ticket, and find the rows that belong to no event."""
    rows = OutboxRows(reader, None)
    report = OutboxReport(reader, rows, findings)
    expected = {
        message.row["id"]: message for each in facts.notices for message in _list_messages(each, facts)
    }
    for stored in rows.messages.get(None, ()):
        message = expected.pop(stored["id"], None)
        if message is None:
            report.report_unknown(stored)
            continue
        report.compare_message(message, stored)
        deliveries = list(report.deliveries_of(message))
        delivered = [row["place"] for _, row in deliveries if row["state"] == DeliveryState.DELIVERED.value]
        for course, row in deliveries:
            is_needless = message.is_quiet and any(
                type(place) is int and place < course.planned["place"] for place in delivered
            )
            _compare_delivery(report, message, course, row, (ARRIVED,) if is_needless else ())
    for message in expected.values():
        report.report_missing(message)
    for identity, ref in reader.rows(_FIND_STRAY):
        report.report_unknown({"id": identity, "ref": ref})
    for (identity,) in reader.rows(_FIND_ORPHANS):
        findings.add(_DELIVERIES, identity, "no message explains it")


def _list_messages(source: MessageEvent, facts: OutboxFacts) -> list[_NoticeMessage]:
    assert isinstance(source.event, NoticeSent)
    reach = Reach(partial(facts.find_person, seq=source.seq), facts.find_timezone(source.seq))
    ends = [ended for at, ended in facts.ended.get(source.event.notice.key, ()) if at > source.seq]
    return [_NoticeMessage(rows, ends) for rows in make_message_rows(source, reach)]


def _compare_delivery(
    report: OutboxReport,
    message: _NoticeMessage,
    course: DeliveryCourse,
    stored: Mapping[str, Any],
    reasons: tuple[str, ...],
) -> None:
    if stored["attempts"] == 0:
        report.compare_delivery(message, course, stored, course.list_courses(reasons))
        return
    course.attempts, course.tried_at = (
        stored[name] if type(stored[name]) is int and stored[name] > 0 else 1
        for name in ("attempts", "tried_at")
    )
    course.is_bundled = stored["bundled"] == 1
    report.compare_delivery(message, course, stored, _list_possible(message, course, stored))


def _list_possible(
    message: _NoticeMessage, course: DeliveryCourse, stored: Mapping[str, Any]
) -> list[Course]:
    """Return what a row can be of which attempts are not known, as near to the stored one as possible."""
    detail = stored["detail"] if isinstance(stored["detail"], str) else ""
    due = stored["due_at"] if type(stored["due_at"]) is int else 0
    state = DeliveryState(stored["state"]) if stored["state"] in _STATES else DeliveryState.FAILED
    if state is not _WAITING or message.has_ended:
        return [Course(DeliveryState.CANCELLED if state is _WAITING else state, None, "", detail)]
    possible = [Course(_WAITING, due, "", detail)]
    if not course.planned["urgent"]:
        possible.append(Course(_WAITING, course.tried_at, LIMIT, detail))
    return possible
