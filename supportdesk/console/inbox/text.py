"""The lines of an inbox, and the details of one entry, as text."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec
from textual.content import Content

from supportdesk.console.charts.blocks import fit
from supportdesk.console.inbox.model import InboxLine, Part
from supportdesk.console.terminal.safe_text import safe
from supportdesk.console.widgets.line_list import MARK, ListLine
from supportdesk.sla.clocks import epoch, instant
from supportdesk.sla.formatting import (
    at_near_time,
    bare_time,
    brief_amount,
    date_time,
    day,
    local,
    near_time,
    weekday,
)
from supportdesk.tickets.inbox.entry import InboxEntry, InboxKind

if TYPE_CHECKING:
    from supportdesk.sla.policy import Policy
    from supportdesk.tickets.escalation.stop import EscalationStop

HEADINGS = {Part.NEW: "NEW", Part.LATER: "LATER", Part.DONE: "DONE"}
NOTHING = "Nothing was sent to you in the last 14 days."
_TIME, _KIND, _REF, _GAP = 12, 7, 10, 2
_ANSWER, _SHORT_ANSWER = 26, 22
_ROOMY = 110
_WEEK_DAYS = 6
_WRITTEN = (InboxKind.OFFER, InboxKind.MESSAGE)
"""The kinds of entries whose text somebody wrote."""
_QUIET, _TEXT, _STRONG, _ALARM = "$quiet", "$foreground", "bold $foreground", "bold $breached"


_SENT = {InboxKind.PAGE: "Paged", InboxKind.OFFER: "Offered", InboxKind.MESSAGE: "Written"}


class InboxLook(msgspec.Struct, frozen=True):
    """What the lines are drawn with: the policies, the time zone, the present and the width in cells.

    `find_stop` returns what stops the escalation of a ticket, by its reference, and `name` the name of a username.
    """

    policies: Mapping[str, Policy]
    zone: str
    now: datetime
    width: int
    find_stop: Callable[[str], EscalationStop | None]
    name: Callable[[str], str]

    def acknowledged(self, entry: InboxEntry) -> str:
        """Return that somebody else's acknowledgement stops the escalation of an open page; empty where none does."""
        stop = self.find_stop(entry.ref) if entry.kind is InboxKind.PAGE and entry.is_open else None
        by = stop.acknowledger_at(epoch(self.now)) if stop is not None else None
        if stop is None or by is None:
            return ""
        until = near_time(instant(stop.until), self.zone, self.now)
        return f"You have not acknowledged. {self.name(by)} has, until {until}: nobody else is paged."


def inbox_lines(lines: Sequence[InboxLine], look: InboxLook) -> list[ListLine]:
    """Return the lines of the list, with a heading above each part that has entries."""
    drawn: list[ListLine] = []
    for part, heading in HEADINGS.items():
        theirs = [line for line in lines if line.part is part]
        if theirs:
            drawn.append(ListLine(Content.assemble((heading, _STRONG), (f"  {len(theirs)}", _QUIET))))
            drawn += [ListLine(_line_text(line, look), line.entry.id) for line in theirs]
    return drawn


def _line_text(line: InboxLine, look: InboxLook) -> Content:
    entry = line.entry
    is_new = line.part is Part.NEW
    style = _TEXT if is_new else _QUIET
    is_urgent = is_new and entry.kind is InboxKind.PAGE and entry.is_open and not look.acknowledged(entry)
    kind = _ALARM if is_urgent else style
    answer = _short_answer(line, look)
    answer_width = _ANSWER if look.width >= _ROOMY else _SHORT_ANSWER
    room = look.width - MARK - _TIME - _KIND - _REF - 3 * _GAP
    if answer:
        room -= answer_width + _GAP
    cells = [
        (_list_time(entry.at, look), _TIME, style),
        (entry.kind.value, _KIND, kind),
        (entry.ref, _REF, style),
        (_subject(entry, look), max(0, room), style),
        *([(answer, answer_width, _QUIET)] if answer else []),
    ]
    if not entry.ref:
        # What is about no ticket begins where a reference would.
        cells[2:4] = [(entry.text, max(0, room + _REF + _GAP), style)]
    parts = [safe(fit(text, width), cell_style) for text, width, cell_style in cells]
    return Content(" " * _GAP).join(parts)


def _subject(entry: InboxEntry, look: InboxLook) -> str:
    """Return why it was sent and what about: several lines of one ticket differ in the reason.

    Where room is short, an offer or a message says only what about; its reason is a text of any length.
    """
    reason = " ".join(entry.text.split()).removeprefix(f"{entry.ref} ")
    if look.width < _ROOMY:
        return entry.summary if entry.kind in _WRITTEN else f"{reason}: {entry.summary}"
    return f"{reason} · {_severity(entry, look)} · {entry.organisation} · {entry.summary}"


def _severity(entry: InboxEntry, look: InboxLook) -> str:
    policy = look.policies.get(entry.policy)
    named = (each.name for each in policy.severities if each.key == entry.severity) if policy else ()
    return next(iter(named), entry.severity)


def _list_time(at: datetime, look: InboxLook) -> str:
    """Return `08:48` today, else `Mon 08:48` within a week, else `9 Nov 08:48`."""
    then, today = local(at, look.zone).date(), local(look.now, look.zone).date()
    if then == today:
        return bare_time(at, look.zone)
    name = weekday(then) if 0 < (today - then).days <= _WEEK_DAYS else day(then)
    return f"{name} {bare_time(at, look.zone)}"


def _short_answer(line: InboxLine, look: InboxLook) -> str:
    """Return what became of an entry, for the list; an empty text for a new one."""
    entry = line.entry
    if line.part is Part.LATER and line.until is not None:
        return at_near_time(line.until, look.zone, look.now)
    if line.part is Part.NEW:
        return ""
    if not entry.answer:
        return "done"
    if entry.answered_at is not None and not entry.answered_by:
        return f"{entry.answer} in {_duration(entry)}"
    return entry.answer


def _duration(entry: InboxEntry) -> str:
    assert entry.answered_at is not None
    seconds = int((entry.answered_at - entry.at).total_seconds())
    return brief_amount(seconds)


def detail_text(line: InboxLine, look: InboxLook) -> Content:
    """Return the details of an entry: what was sent and why, the ticket, and what became of it."""
    return Content("\n").join(_details(line, look))


def _details(line: InboxLine, look: InboxLook) -> Iterator[Content]:
    entry = line.entry
    if entry.ref:
        severity = f"{_severity(entry, look)} · {entry.organisation}"
        yield Content.assemble(safe(entry.ref, _STRONG), "  ", safe(severity, _QUIET))
        yield safe(entry.summary, _TEXT)
    sent = _SENT.get(entry.kind, "Sent")
    yield Content.assemble(
        (f"{sent} ", _QUIET),
        safe(date_time(entry.at, look.zone), _TEXT),
        (": ", _QUIET),
        safe(entry.text, _TEXT),
    )
    yield safe(_state(line, look), _QUIET)


def _state(line: InboxLine, look: InboxLook) -> str:
    entry = line.entry
    if entry.answer:
        by = f" by {entry.answered_by}" if entry.answered_by else " by you" if entry.answered_at else ""
        at = f" {at_near_time(entry.answered_at, look.zone, look.now)}" if entry.answered_at else ""
        after = f", after {_duration(entry)}" if entry.answered_at else ""
        return f"{entry.answer[0].upper()}{entry.answer[1:]}{by}{at}{after}."
    waits = {
        InboxKind.PAGE: look.acknowledged(entry) or "Not acknowledged yet.",
        InboxKind.OFFER: "Not claimed yet.",
        InboxKind.MESSAGE: "Not replied to yet.",
        InboxKind.SWAP: "Not answered yet." if entry.is_open else "",
        InboxKind.SHIFT: "Not accepted yet." if entry.is_open else "",
    }.get(entry.kind, "")
    if line.part is Part.LATER and line.until is not None:
        return f"Put off until {near_time(line.until, look.zone, look.now)}. {waits}".rstrip()
    return f"Marked as done. {waits}".rstrip() if line.part is Part.DONE else waits
