"""What every task that empties the outbox does: claims what is due, sends it on threads, and records each attempt."""

from __future__ import annotations

import threading
import time
import uuid
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Generic, TypeVar

from msgspec import Struct

from supportdesk.crash_log import write_crash
from supportdesk.desk_api import DeskApi, DeskUnavailableError, Executor
from supportdesk.store.outbox_models import OutgoingMessage, Shipment
from supportdesk.tickets.actors import WATCHER
from supportdesk.tickets.command import LINE_LIMIT
from supportdesk.tickets.documents import MAIL
from supportdesk.tickets.outbox.pacing import CLAIM_LENGTH
from supportdesk.tickets.plain_text import clean_line
from supportdesk.tickets.process.sending import RecordAttempt
from supportdesk.tickets.refusal import Refusal
from supportdesk.watcher.sending.configured import ConfiguredSenders
from supportdesk.watcher.sending.sender import (
    SendOutcome,
    SendResult,
    not_delivered,
    possibly_delivered,
)
from supportdesk.watcher.task import Say
from supportdesk.watcher.under_way import GIVE_UP_AFTER, UnderWay

CLOSING = 3.0
"""Seconds for which a watcher in a console waits at its end for what is under way."""

RENEWED_EVERY = CLAIM_LENGTH / 3
"""Seconds between two renewals of the claims on what takes long to send."""

IN_ONE_TRANSACTION = 50
"""How many attempts of a bundle are recorded at once, so that other writers do not wait for long."""

FAILING_AFTER = 3
"""After how many failures in a row a method is reported as failing."""


S = TypeVar("S")
"""What sends by one method."""


class Attempt(Struct, frozen=True):
    """What became of an attempt at a message; `bundled` where it went out with another one."""

    message: OutgoingMessage
    result: SendResult
    bundled: bool


class OutboxTask(ABC, Generic[S]):
    """Claims what is due by the methods of its senders, as much as there is room for, and sends each shipment on a
    thread, which may hang.

    What could not be recorded is remembered and recorded later, and not sent again meanwhile. Subclasses say how a
    sender sends a shipment, and what else is done at each tick.
    """

    name = "sending"

    def __init__(
        self,
        say: Say,
        load_senders: Callable[[], Mapping[str, S]],
        closing: float = CLOSING,
    ) -> None:
        """Make the task. `load_senders` returns the senders by their methods, and is called at each tick.

        At the end, what is under way is waited for up to `closing` seconds; what is not recorded by then is sent again.
        """
        self._say = say
        self._load_senders = load_senders
        self._closing = closing
        self._holder = uuid.uuid4().hex
        self._guard = threading.Lock()
        self._pumping = threading.Lock()
        self._under_way = UnderWay()
        self._unrecorded: list[list[Attempt]] = []
        self._failures: dict[str, list[str]] = {}
        self._closed = threading.Event()
        self._senders: Mapping[str, S] = {}
        self._renewed = 0.0
        self._unusable: tuple[str, ...] = ()

    @property
    def fault(self) -> str:
        """The methods by which nothing arrives at present, and what cannot be recorded."""
        with self._guard:
            failing = [
                f"{method} is failing: {details[-1]}"
                for method, details in self._failures.items()
                if len(details) >= FAILING_AFTER
            ]
            unrecorded = sum(map(len, self._unrecorded))
        failing += [f"{method} hangs and never answers" for method in self._under_way.list_hanging()]
        if unrecorded:
            failing.append(f"{unrecorded} attempts to send cannot be recorded")
        return "; ".join([*self._unusable, *failing, *self._find_more_faults()])

    def tick(self, desk: DeskApi, now: datetime, *, is_stopped: Callable[[], bool]) -> bool:
        """Start to send what is due, and do what else there is; return whether more is due at once."""
        senders = self._senders = self._load_senders()
        self._unusable = senders.unusable if isinstance(senders, ConfiguredSenders) else ()
        self._record_rest(desk)
        self._give_up_hanging(desk)
        self._renew_claims(desk)
        if senders or self._unusable:
            self._pump(desk)
        return self._finish_tick(desk, now)

    def close(self) -> None:
        """Send nothing more, and wait a little for what is under way."""
        self._closed.set()
        end = time.monotonic() + self._closing
        for thread in self._under_way.list_threads():
            thread.join(max(0.0, end - time.monotonic()))

    @abstractmethod
    def _send(self, desk: DeskApi, sender: S, shipment: Shipment) -> SendResult:
        """Send a shipment on a thread, and return what became of it. Raises DeskUnavailableError before it is sent."""

    def _finish_tick(self, desk: DeskApi, now: datetime) -> bool:
        """Do what else there is at each tick, and return whether more of it is due at once."""
        return False

    def _find_more_faults(self) -> Iterable[str]:
        """Return what else cannot be done at present."""
        return ()

    def _renew_claims(self, desk: DeskApi) -> None:
        """Renew the claims that would expire before the next ticks, so that nobody else sends the same."""
        now = time.monotonic()
        with self._guard:
            if now - self._renewed < RENEWED_EVERY:
                return
            kept = [each.message.id for attempts in self._unrecorded for each in attempts]
        self._renewed = now
        kept += self._under_way.list_ids()
        if kept:
            desk.renew_claims(self._holder, kept)

    def _pump(self, desk: DeskApi) -> None:
        """Claim and start what is due and has room."""
        with self._pumping:
            if self._closed.is_set() or not self._senders:
                return
            due = desk.next_delivery_due(self._senders)
            if due is None or due > desk.now():
                return
            room = self._under_way.find_room(self._senders)
            if not room:
                return
            with self._guard:
                waiting = [each.message.id for attempts in self._unrecorded for each in attempts]
            in_flight = frozenset([*self._under_way.list_ids(), *waiting])
            for shipment in desk.claim_shipments(self._holder, room, in_flight):
                self._under_way.start(partial(self._ship, desk), shipment)

    def _ship(self, desk: DeskApi, shipment: Shipment) -> None:
        """Send a shipment and record it, on its thread; then see what else is due."""
        try:
            try:
                self._send_wanted(desk, shipment)
            finally:
                self._under_way.end()
            self._pump(desk)
        except DeskUnavailableError:
            return  # The next tick opens the desk again, or says why it cannot.
        except Exception as error:  # noqa: BLE001 - a thread that fails must not write over a console
            write_crash(error)
            self._say(f"sending failed: {type(error).__name__}; see the crash log")

    def _send_wanted(self, desk: DeskApi, shipment: Shipment) -> None:
        wanted = self._keep_wanted(desk, shipment)
        if not wanted:
            return
        first, *others = wanted
        sender = self._senders.get(first.method)
        if sender is None:  # The settings have changed meanwhile.
            desk.release_claims(self._holder, [each.id for each in wanted])
            return
        try:
            result = self._send(desk, sender, Shipment(first, tuple(others)))
        except DeskUnavailableError:
            raise
        except Exception as error:  # noqa: BLE001 - a fault in one method must not end the others
            result = not_delivered(f"a fault in the program: {type(error).__name__}")
        if self._under_way.note_answer():
            self._record_shipment(desk, wanted, result)

    def _give_up_hanging(self, desk: DeskApi) -> None:
        """Record what hangs as possibly delivered; what its sender says later is dropped."""
        for shipment in self._under_way.give_up():
            result = possibly_delivered(f"no answer within {GIVE_UP_AFTER:.0f} s, so that it was given up")
            self._record_shipment(desk, shipment.all, result)

    def _record_shipment(
        self, desk: DeskApi, messages: Sequence[OutgoingMessage], result: SendResult
    ) -> None:
        first, *others = messages
        self._note_result(first, result, len(others))
        self._record(desk, [Attempt(first, result, bundled=False)])
        for start in range(0, len(others), IN_ONE_TRANSACTION):
            some = others[start : start + IN_ONE_TRANSACTION]
            self._record(desk, [Attempt(each, result, bundled=True) for each in some])

    def _keep_wanted(self, desk: DeskApi, shipment: Shipment) -> list[OutgoingMessage]:
        """Return what is still to be sent just before it is; the claims of the rest are given up."""
        try:
            wanted = [each for each in shipment.all if desk.is_wanted(each.id)]
            unwanted = [each.id for each in shipment.all if each not in wanted]
            if unwanted:
                desk.release_claims(self._holder, unwanted)
        except DeskUnavailableError:
            # Better once too often than never: the page may be the reason why somebody is needed.
            return [each for each in shipment.all if each.urgent]
        return wanted

    def _note_result(self, message: OutgoingMessage, result: SendResult, bundled: int) -> None:
        """Say what became of a shipment, without words of a customer, and remember methods that fail."""
        more = f" with {bundled} more" if bundled else ""
        about = message.ref or "no ticket"
        # The key of a contact may be made from their name, and no erasure reaches a log.
        to = "its contact" if message.kind == MAIL else message.person
        self._say(f"{about}: {message.kind} to {to} by {message.method}{more} {result.outcome.value}")
        with self._guard:
            if result.outcome is not SendOutcome.NOT_DELIVERED:
                self._failures.pop(message.method, None)
            elif not result.permanent:
                self._failures.setdefault(message.method, []).append(shorten_detail(result.detail))

    def _record(self, desk: DeskApi, attempts: list[Attempt]) -> None:
        """Record attempts in one transaction, or remember them for the next tick."""

        def record_all(execute: Executor) -> Refusal | None:
            for each in attempts:
                identity = f"attempt {each.message.id} {each.message.attempts + 1} {self._holder}"
                outcome = execute(_make_command(each), by=WATCHER.key, command_id=identity)
                if isinstance(outcome, Refusal):
                    return outcome
            return None

        try:
            refusal = desk.transaction(record_all)
        except Exception as error:  # noqa: BLE001 - what was sent must be remembered, whatever happens to the desk
            why = str(error) if isinstance(error, DeskUnavailableError) else type(error).__name__
        else:
            if refusal is None:
                return
            why = refusal.reason
        self._say(f"{len(attempts)} attempts to send could not be recorded: {why}")
        with self._guard:
            self._unrecorded.append(attempts)

    def _record_rest(self, desk: DeskApi) -> None:
        with self._guard:
            rest, self._unrecorded = self._unrecorded, []
        for attempts in rest:
            self._record(desk, attempts)


def _make_command(attempt: Attempt) -> RecordAttempt:
    result = attempt.result
    return RecordAttempt(
        attempt.message.id,
        result.outcome.value,
        shorten_detail(result.detail),
        permanent=result.permanent,
        bundled=attempt.bundled,
        declined=result.declined,
    )


def shorten_detail(text: str) -> str:
    """Return a text as one line that is stored whole."""
    return clean_line(text[: 4 * LINE_LIMIT], LINE_LIMIT).text
