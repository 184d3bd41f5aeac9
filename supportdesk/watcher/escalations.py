"""Records the steps of escalations, and whatever else is due on single tickets."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime

from supportdesk.crash_log import write_crash
from supportdesk.desk_api import DeskApi, DeskUnavailableError
from supportdesk.tickets.actors import WATCHER
from supportdesk.tickets.process.steps import NOTHING_DUE, TakeSteps
from supportdesk.tickets.refusal import Refusal
from supportdesk.watcher.task import Say

AT_MOST = 2.5
"""Seconds after which a tick leaves the other tickets to the next one, so that what is urgent comes first again."""

SHOWN = 3
"""How many references are named."""

UNMOVED = 12
"""Ticks after which a ticket that stays due, although nothing is recorded, is reported."""

LIMIT = 500
"""How many tickets are looked up at a tick."""


class Escalations:
    """Gives the command `TakeSteps` for each ticket on which something is due, the most severe first.

    A ticket that fails keeps nobody else from being alerted: it is reported once, and tried again at each tick.
    """

    name = "escalation"

    def __init__(self, say: Say) -> None:
        self._say = say
        self._failing: dict[str, str] = {}
        self._unmoved: Counter[str] = Counter()

    @property
    def fault(self) -> str:
        """The tickets that cannot be escalated at present, and why the first of them."""
        refs = sorted(self._failing)
        if not refs:
            return ""
        others = f" and {len(refs) - SHOWN} more" if len(refs) > SHOWN else ""
        return f"{', '.join(refs[:SHOWN])}{others} cannot be escalated ({self._failing[refs[0]]})"

    def tick(self, desk: DeskApi, now: datetime, *, is_stopped: Callable[[], bool]) -> bool:
        """Record what is due on each ticket, once; return whether more is due than was done."""
        refs = desk.due_refs(now, LIMIT)
        self._failing = {ref: why for ref, why in self._failing.items() if ref in refs}
        self._unmoved = Counter({ref: ticks for ref, ticks in self._unmoved.items() if ref in refs})
        end = time.monotonic() + AT_MOST
        for done, ref in enumerate(refs):
            if is_stopped() or (done and time.monotonic() > end):
                return True
            self._take_steps(desk, ref)
        return len(refs) == LIMIT and len(self._failing) < LIMIT

    def close(self) -> None:
        """Do nothing: nothing is begun that lasts."""

    def _take_steps(self, desk: DeskApi, ref: str) -> None:
        try:
            outcome = desk.do(TakeSteps(ref), by=WATCHER.key)
        except DeskUnavailableError:
            raise
        except Exception as error:  # noqa: BLE001 - one ticket must not keep the others from being alerted
            if ref not in self._failing:
                write_crash(error)
            self._report(ref, f"failed: {type(error).__name__}; see the crash log")
            return
        if not isinstance(outcome, Refusal):
            self._failing.pop(ref, None)
            self._unmoved.pop(ref, None)
            self._say(f"{ref}: recorded what was due")
        elif outcome != NOTHING_DUE:
            self._report(ref, outcome.reason)
        else:
            # Another watcher was first, or a late step waits for the next tick; neither lasts.
            self._unmoved[ref] += 1
            if self._unmoved[ref] >= UNMOVED:
                self._report(ref, "is due, but nothing of it is: run `supportdesk verify`")

    def _report(self, ref: str, why: str) -> None:
        if self._failing.get(ref) != why:
            self._say(f"{ref}: {why}")
        self._failing[ref] = why
