"""Compares the messages about a ticket, and their deliveries, with what its events make of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from supportdesk.sla.clocks import epoch
from supportdesk.sla.policy import Policy
from supportdesk.store.backend import Reader
from supportdesk.store.findings import Findings
from supportdesk.store.ledger import StoredEvent
from supportdesk.store.outbox_models import make_unsent_id
from supportdesk.store.outbox_rows import INFORMING, MessageEvent, Reach, make_message_rows
from supportdesk.store.outbox_wanted import ACKNOWLEDGED, ARRIVED, CLOSED, CONTACT_ERASED
from supportdesk.store.verification.delivery_course import DeliveryCourse
from supportdesk.store.verification.outbox import ExpectedMessage, OutboxReport
from supportdesk.store.verification.outbox_facts import OutboxFacts
from supportdesk.store.verification.ticket_rows import OutboxRows
from supportdesk.tickets.documents import PAGE
from supportdesk.tickets.events import (
    MailPlanned,
    PageUnsent,
    Reopened,
    RetryRequested,
    SendAttempted,
    Undone,
)
from supportdesk.tickets.outbox.plan import HAND_OFF_LIMIT, find_hand_off_limit, plan_deliveries
from supportdesk.tickets.ticket import Stage, Ticket


class TicketOutbox:
    """The messages about one ticket: what they are at first, and what later events of the ticket make of them.

    `states` are the ticket after each event of its `history`. Messages are made at the end of a command, and what a
    claim sees is the ticket between two commands.
    """

    def __init__(
        self,
        facts: OutboxFacts,
        policies: Mapping[str, Policy],
        history: Sequence[StoredEvent],
        states: Sequence[Ticket],
    ) -> None:
        self._facts = facts
        self._policies = policies
        self._history = history
        self._states = states
        self.messages: list[ExpectedMessage] = []
        self._deliveries: dict[str, tuple[ExpectedMessage, DeliveryCourse]] = {}
        self._settled_since: dict[str, int] = {}
        self._to_erased: list[tuple[int, DeliveryCourse]] = []

    def compare(self, reader: Reader, findings: Findings, ref: str, rows: OutboxRows) -> None:
        """Compare the stored rows with the expected ones. What an older program paged needs none."""
        found = {row["id"]: row for row in rows.messages.get(ref, ())}
        if not found and not any(isinstance(each.event, INFORMING) for each in self._history):
            return
        self._follow()
        report = OutboxReport(reader, rows, findings)
        for message in self.messages:
            stored = found.pop(message.row["id"], None)
            if stored is None:
                if self._facts.has_messages(message.row["seq"]):
                    report.report_missing(message)
                continue
            self._settle(message, len(self._history))
            report.compare_message(message, stored)
            for course, delivery in report.deliveries_of(message):
                is_plain = any(not each.find_wrong(delivery) for each in course.courses)
                reasons = () if is_plain else self._find_reasons(message, course, len(self._history))
                courses = course.courses if is_plain else tuple(course.list_courses(reasons))
                report.compare_delivery(message, course, delivery, courses)
        for row in found.values():
            report.report_unknown(row)

    def _follow(self) -> None:
        """Follow the events in order."""
        for place, each in enumerate(self._history):
            self._erase_before(each.seq)
            event = each.event
            if isinstance(event, SendAttempted):
                self._attempt(event, place)
            elif isinstance(event, RetryRequested):
                self._retry(event, place)
            elif isinstance(event, PageUnsent):
                self._escalate(event, place)
            elif isinstance(event, Undone | Reopened):
                self._send_again(place)
            elif isinstance(event, INFORMING):
                self._make(each, place)
        self._erase_before(None)

    def _erase_before(self, seq: int | None) -> None:
        """Follow the erasures of contacts before an event, or all: each cancelled the mail that waited."""
        for erasure, course in self._to_erased:
            if seq is None or erasure < seq:
                course.cancel(CONTACT_ERASED)

    def _make(self, source: StoredEvent, place: int) -> None:
        after = self._states[self._end_of_command(place)]
        policy = self._policies[after.policy]
        reach = Reach(
            lambda username: self._facts.find_person(username, source.seq),
            policy.timezone,
            policy.severity(after.severity).pages,
        )
        cause = MessageEvent(source.event, source.seq, source.at, source.ref, source.command_id)
        for rows in make_message_rows(cause, reach):
            message = ExpectedMessage(rows, place)
            self.messages.append(message)
            self._settled_since[message.row["id"]] = place
            for identity, course in message.deliveries.items():
                self._deliveries[identity] = message, course
                if isinstance(source.event, MailPlanned) and source.event.contact in self._facts.erased:
                    self._to_erased.append((self._facts.erased[source.event.contact], course))

    def _attempt(self, event: SendAttempted, place: int) -> None:
        message, course = self._deliveries.get(event.delivery, (None, None))
        if message is None or course is None:
            return
        is_sure = course.is_handed_off or event.outcome != "not delivered" or event.retry_at is not None
        reasons = () if is_sure else self._find_reasons(message, course, place)
        course.attempt(event, self._history[place].at, reasons, place)
        if course.is_handed_off:
            message.hand_off = (None,)

    def _retry(self, event: RetryRequested, place: int) -> None:
        message, course = self._deliveries.get(event.delivery, (None, None))
        if message is not None and course is not None:
            reasons = self._find_reasons(message, course, place)
            course.retry(epoch(self._history[place].at), reasons, place)

    def _escalate(self, event: PageUnsent, place: int) -> None:
        at = epoch(self._history[place].at)
        for message in self.messages:
            if message.row["person"] == event.person:
                message.hand_off = tuple(
                    None if due is None or due <= at else due for due in message.hand_off
                )

    def _send_again(self, place: int) -> None:
        """Follow that pages are open again: `store/outbox_reopened` does the same to the rows."""
        entry, after = self._history[place], self._states[self._end_of_command(place)]
        at = epoch(entry.at)
        for page in after.open_pages:
            for message in self.messages:
                row = message.row
                is_of_page = (row["person"], row["kind"]) == (page.person, PAGE)
                is_older = self._history[message.place].command_id != entry.command_id
                if not (is_of_page and is_older and row["at"] >= epoch(page.since)):
                    continue
                person = self._facts.find_person(row["person"], entry.seq)
                zone = self._policies[after.policy].timezone
                planned = (
                    plan_deliveries(person, at, zone, urgent=row["urgent"]) if person is not None else []
                )
                due = {(each.address.method, each.address.target): each.due for each in planned}
                for course in message.deliveries.values():
                    address = course.planned["method"], course.planned["target"]
                    reasons = self._find_reasons(message, course, place)
                    course.send_again(due.get(address, at), reasons, place)
                is_handed_off = any(course.is_handed_off for course in message.deliveries.values())
                if not is_handed_off and not self._has_escalated(row["id"], place):
                    limit = find_hand_off_limit(planned, at) if message.deliveries else at + HAND_OFF_LIMIT
                    message.hand_off = (limit,)
                    self._settled_since[row["id"]] = place

    def _has_escalated(self, message: str, place: int) -> bool:
        identity = make_unsent_id(message)
        return any(each.command_id == identity for each in self._history[:place])

    def _settle(self, message: ExpectedMessage, end: int) -> None:
        """Follow that the watcher forgets a page to which somebody has responded."""
        since = self._settled_since[message.row["id"]]
        if None not in message.hand_off and self._find_responses(message, since, end):
            message.hand_off = (*message.hand_off, None)

    def _find_reasons(self, message: ExpectedMessage, course: DeliveryCourse, end: int) -> tuple[str, ...]:
        """Return what a claim may have found against sending a delivery, since the last event that concerned it."""
        responses = self._find_responses(message, course.since, end)
        return (*responses, ARRIVED) if message.may_have_arrived(course) else responses

    def _find_responses(self, message: ExpectedMessage, since: int, end: int) -> tuple[str, ...]:
        """Return which responses make a message needless, between two places in the history."""
        found: dict[str, None] = {}
        for state in self._between_commands(since, end):
            if state.stage is Stage.CLOSED:
                found[CLOSED] = None
            elif message.row["kind"] == PAGE and all(
                page.person != message.row["person"] for page in state.open_pages
            ):
                found[ACKNOWLEDGED] = None
        return tuple(found)

    def _between_commands(self, since: int, end: int) -> Iterator[Ticket]:
        """Yield the ticket as it was after the command of the event at `since` and each one that ended before `end`."""
        for place in range(since, end):
            if place == self._end_of_command(place):
                yield self._states[place]

    def _end_of_command(self, place: int) -> int:
        """Return the place of the last event of the ticket by the command of an event."""
        identity = self._history[place].command_id
        while place + 1 < len(self._history) and self._history[place + 1].command_id == identity:
            place += 1
        return place
