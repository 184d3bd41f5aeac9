"""The outcome of a command in words: `claimed it and replied to the customer; responded in 9 min 40 s of 1 h`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from supportdesk.sla import formatting
from supportdesk.sla.clocks import ClockKind, State

if TYPE_CHECKING:
    from collections.abc import Sequence

    from supportdesk.store.read_models import QueueRow, TicketView, TimelineEntry

ROOM = 72
"""Cells for one event, so that a long text does not push away the state of the clocks."""
_CLOCK_STOPPED = "clock stopped"
_MINOR = {"acknowledged", "text cut"}
"""Events that accompany others and are shown only where nothing else happened."""


def describe_changes(view: TicketView, since: int, by: str, *, briefly: bool = False) -> str:
    """Return what `by` did to a ticket after the event number `since`, to follow a name or `you`; empty for nothing.

    `claimed it and replied to the customer: On it.; responded in 9 min 40 s of 1 h`. `briefly` leaves out the texts,
    for the person who has just written them.
    """
    entries = [entry for entry in view.timeline if entry.seq > since and entry.actor == by]
    shown = [entry for entry in entries if entry.event not in _MINOR] or entries
    actions = dict.fromkeys(
        describe_event(entry, briefly=briefly) for entry in shown if entry.event != _CLOCK_STOPPED
    )
    clocks = [_describe_stopped_clock(entry, view.row) for entry in shown if entry.event == _CLOCK_STOPPED]
    return "; ".join(filter(None, (_join(list(actions)), *clocks)))


def _join(actions: Sequence[str]) -> str:
    if not actions:
        return ""
    *first, last = actions
    return f"{', '.join(first)} and {last}" if first else last


def describe_event(entry: TimelineEntry, *, briefly: bool = False) -> str:
    """Return one event as something that somebody did, to follow their name: the first line, cut at `ROOM` cells.

    `briefly` gives the whole clause without the text.
    """
    phrase = entry.phrase
    if phrase is None:
        return entry.sentence
    by_another = phrase.actor not in ("", entry.name)
    clause = f"recorded that {phrase.actor} {phrase.clause}" if by_another else phrase.clause
    if briefly:
        return clause
    whole = f"{clause}: {phrase.text}{phrase.remark}" if phrase.text else f"{clause}{phrase.remark}"
    line = whole.split("\n", 1)[0]
    return line if len(line) <= ROOM else f"{line[: ROOM - 2].rstrip()} …"


def _describe_stopped_clock(entry: TimelineEntry, row: QueueRow) -> str:
    is_response = entry.phrase is not None and ClockKind.RESPONSE in entry.phrase.objects
    clock, done = (row.response, "responded") if is_response else (row.resolution, "resolved")
    if clock.verdict is State.VOID:
        return f"{clock.kind} no longer applies"
    if clock.allowed is None:
        return f"{clock.kind} {clock.verdict}"
    target = formatting.amount(clock.allowed)
    elapsed = clock.elapsed_before_run
    if clock.verdict is State.MISSED and elapsed > clock.allowed:
        return f"{done} in {formatting.amount(elapsed)} where the target was {target}"
    # Outside its calendar a clock counts nothing, however long ago the request arrived.
    used = f"in {formatting.amount(elapsed)} of {target}" if elapsed else f"with none of {target} used"
    # Missed though there was time left: it was breached before the severity was lowered (rule 9).
    return f"{done} {used}{', but breached earlier' * (clock.verdict is State.MISSED)}"
