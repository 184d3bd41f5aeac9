"""The watcher of the demo's past: it records what fell due, and those who are paged acknowledge after a while."""

from __future__ import annotations

import heapq
from collections.abc import Iterable
from datetime import datetime, timedelta
from random import Random

from supportdesk.clock import FixedClock
from supportdesk.desk_api import Outcome, Transaction
from supportdesk.tickets.actors import WATCHER
from supportdesk.tickets.process.steps import TakeSteps
from supportdesk.tickets.process.triage import Acknowledge
from supportdesk.tickets.refusal import Refusal

REACTION = (90, 240)
"""Seconds after which somebody acknowledges a page, at least and at most."""
OUTAGE = timedelta(minutes=47)
"""How long the watcher once stood still."""


class DemoWatch:
    """Lets time pass between the commands of a demo."""

    def __init__(self, do: Transaction, clock: FixedClock) -> None:
        self._do = do
        self._clock = clock
        self._random = Random("pages")
        self._answers: list[tuple[datetime, str, str]] = []
        self._commands = 0
        self._away_until: datetime | None = None
        self._silent: set[str] = set()
        self._late: set[str] = set()

    def log(self, ref: str, *, is_silent: bool, is_late: bool) -> None:
        """Watch a ticket that was just logged.

        Nobody acknowledges its pages where it `is_silent`; the first step of one that `is_late` is recorded late.
        """
        if is_silent:
            self._silent.add(ref)
        if is_late:
            self._late.add(ref)
        self._expect(ref, ())

    def until(self, end: datetime) -> None:
        """Record what falls due before `end`, and let the people acknowledge."""
        while True:
            due = self._do.find_due(end)
            at = due.due if due is not None else None
            if self._away_until is not None and at is not None:
                at = max(at, self._away_until)
            answer = self._answers[0] if self._answers else None
            if answer is not None and answer[0] <= end and (at is None or answer[0] <= at):
                self._acknowledge(*heapq.heappop(self._answers))
            elif due is None or at is None or at > end:
                return
            elif due.ref in self._late:
                self._late.discard(due.ref)
                self._away_until = due.due + OUTAGE
            else:
                self._take_steps(due.ref, at)

    def _take_steps(self, ref: str, at: datetime) -> None:
        self._clock.set(max(at, self._clock.now()))
        before = self._do.list_paged(ref)
        outcome = self._give(TakeSteps(ref), WATCHER.key)
        assert not isinstance(outcome, Refusal), f"{ref}: {outcome.reason}"
        self._expect(ref, before)

    def _expect(self, ref: str, before: Iterable[str]) -> None:
        """Expect those who are paged, but were not `before`, to acknowledge."""
        if ref in self._silent:
            return
        for person in sorted({*self._do.list_paged(ref)} - {*before}):
            reaction = timedelta(seconds=self._random.randint(*REACTION))
            heapq.heappush(self._answers, (self._clock.now() + reaction, ref, person))

    def _acknowledge(self, at: datetime, ref: str, person: str) -> None:
        if person in self._do.list_paged(ref):
            self._clock.set(max(at, self._clock.now()))
            self._give(Acknowledge(ref), person)

    def _give(self, command: TakeSteps | Acknowledge, by: str) -> Outcome:
        self._commands += 1
        return self._do(command, by=by, command_id=f"demo-watch-{self._commands}")
