"""The time in which nobody has acknowledged, on which the steps after minutes without acknowledgement are due.

It starts when the ladder does, is stopped while somebody has acknowledged, and ends when somebody takes the ticket up.
When an acknowledgement expires, a step finds nobody or a page cannot be sent, it moves on to the next step at once
(rules 19, 20 and 24).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from supportdesk.sla.clocks import epoch
from supportdesk.sla.ladder import MINUTE, EscalationRung
from supportdesk.sla.policy import Policy
from supportdesk.tickets.escalation.due_times import find_opening
from supportdesk.tickets.escalation.progress import EscalationProgress


class Countdown(msgspec.Struct, frozen=True):
    """The time without acknowledgement since its last change: `passed` seconds at `start`, in UTC epoch seconds."""

    start: int
    passed: int

    def find_due(self, policy: Policy, rung: EscalationRung, number: int) -> int:
        """Return when a step of a rung is due, on the rung's calendar."""
        return find_opening(policy, rung, self.start, max(0, _offset(rung, number) - self.passed))


class _Jump(msgspec.Struct, frozen=True, order=True):
    """A change of the countdown at an instant: from `began` it was stopped, and it moves on to the next step or not.

    `skipped` is the offset of a step that found nobody; -1 for any other change. With `waits`, the countdown goes back
    to the next step where it has passed it: a move to another policy.
    """

    at: int
    skipped: int
    began: int
    moves_on: bool
    waits: bool = False


def begin_countdown(
    progress: EscalationProgress, rungs: Sequence[EscalationRung], taken: Mapping[str, tuple[int, bool]]
) -> Countdown:
    """Return the countdown of these rungs, as it runs after its last change.

    `taken` are the recorded steps: when each was recorded, and whether it found nobody.
    """
    offsets = {step: _offset(rung, number) for rung in rungs for number, step in enumerate(rung.steps, 1)}
    start, passed = epoch(progress.began), 0
    for jump in sorted(_jumps(progress, offsets, taken)):
        remaining = [offset for step, offset in offsets.items() if _remains(jump, offset, taken.get(step))]
        if jump.skipped < 0:
            passed += max(0, jump.began - start)
        if jump.moves_on:
            passed = min(remaining, default=passed)
        elif jump.waits:
            passed = min([passed, *remaining])
        start = jump.at
    return Countdown(start, passed)


def _remains(jump: _Jump, offset: int, record: tuple[int, bool] | None) -> bool:
    """Return whether a step is still to come after a jump; one that fired beside the skipped one is waited for."""
    if offset < jump.skipped or record is None:
        return offset >= jump.skipped
    at, found_nobody = record
    return not found_nobody if offset == jump.skipped else at >= jump.at


def _jumps(
    progress: EscalationProgress, offsets: Mapping[str, int], taken: Mapping[str, tuple[int, bool]]
) -> Iterator[_Jump]:
    for each in progress.acknowledgements:
        yield _Jump(epoch(each.end), -1, epoch(each.at), moves_on=each.expires)
    for unsent in progress.unsent:
        yield _Jump(epoch(unsent.at), -1, epoch(unsent.at), moves_on=True)
    for moved in map(epoch, progress.moves):
        yield _Jump(moved, -1, moved, moves_on=False, waits=True)
    for step, (at, found_nobody) in taken.items():
        if found_nobody and step in offsets:
            yield _Jump(at, offsets[step], at, moves_on=True)


def _offset(rung: EscalationRung, number: int) -> int:
    """Return the seconds without acknowledgement after which a step is due."""
    return (rung.minutes or 0) * MINUTE + rung.delays[number - 1]
