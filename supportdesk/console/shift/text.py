"""The lines of the handover of a shift, and the details of the selected one, as text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec
from textual.content import Content

from supportdesk.console.charts.blocks import fit
from supportdesk.console.terminal.safe_text import safe, safe_lines
from supportdesk.console.text.names import fitting_name
from supportdesk.console.widgets.line_list import MARK, ListLine
from supportdesk.reports.shift_handover import ShiftHandover, find_given, open_handovers, severities_that_page
from supportdesk.sla.clocks import ClockKind, instant
from supportdesk.sla.formatting import at_near_time, brief_amount, date_time, near_time
from supportdesk.tickets.rota.data import RotaData, name_of

if TYPE_CHECKING:
    from supportdesk.reports.figure import Item
    from supportdesk.sla.policy import Policy
    from supportdesk.store.read_models import QueueRow, TicketPage
    from supportdesk.tickets.documents import Handover
    from supportdesk.tickets.rota.working_shift import WorkingShift

_QUIET, _TEXT, _STRONG, _ALARM = "$quiet", "$foreground", "bold $foreground", "bold $breached"
_REF, _TIME, _NAME, _GAP = 10, 13, 14, 2
_ANSWER, _SHORT_ANSWER, _SHORT_NAME = 26, 16, 9
_ROOMY = 110
"""The width in cells from which names and answers are written in full."""
_KINDS = {ClockKind.RESPONSE: "respond", ClockKind.RESOLUTION: "resolve"}
HANDOVER = "handover"
"""The kind of the keys of lines that are handovers; those of the others end in a reference."""


class ShiftLook(msgspec.Struct, frozen=True):
    """What the lines are drawn with: the operator, the rota, the policy, the time zone, the present and the width.

    `whose` is the username of the person whose shift is shown.
    """

    username: str
    whose: str
    data: RotaData
    policy: Policy
    zone: str
    now: datetime
    width: int


def shift_title(found: ShiftHandover, look: ShiftLook) -> str:
    """Return whose shift it is, unless it is the operator's, the shift, and who has the next one."""
    shift = found.shift
    whose = "" if look.whose == look.username else f"of {name_of(look.data, look.whose)}, "
    span = f"{whose}{shift_span(shift, look)}"
    return f"{span}, then {name_of(look.data, shift.next_person)}" if shift.next_person else span


def shift_span(shift: WorkingShift, look: ShiftLook) -> str:
    """Return a shift: `on call from 23 Nov 08:00 to Mon 08:00 GMT`."""
    kind = "office hours" if shift.line is None else "on call"
    return f"{kind} from {_list_time(shift.start, look)} to {near_time(shift.end, look.zone, look.now)}"


def shift_lines(found: ShiftHandover, look: ShiftLook) -> list[ListLine]:
    """Return the lines: handovers, open tickets of the severities that page, pages, and what falls due."""
    waiting = open_handovers(look.data, look.username)
    given = find_given(look.data, look.username, found.shift) if look.whose == look.username else None
    until = near_time(found.shift.next_end, look.zone, look.now)
    lines: list[ListLine] = []
    if waiting:
        lines += _part("FOR YOU TO ACCEPT", (_handover_line(each, look) for each in waiting))
    if look.whose == look.username:
        yours = [_handover_line(given, look)] if given is not None else []
        lines += _part("YOUR HANDOVER", yours, "not given yet")
    lines += _part(
        f"OPEN {severities_that_page(look.policy).upper()}", (_ticket_line(row, look) for row in found.urgent)
    )
    lines += _part(
        "PAGES OF THE SHIFT" if look.width >= _ROOMY else "PAGES OF THE SHIFT, how soon acknowledged",
        (_page_line(number, each, look) for number, each in enumerate(found.pages)),
    )
    return lines + _part(
        f"DUE IN THE NEXT SHIFT, until {until}",
        (_due_line(number, item, found.rows, look) for number, item in enumerate(found.due)),
    )


def _part(heading: str, lines: Iterator[ListLine] | list[ListLine], if_none: str = "none") -> list[ListLine]:
    below = list(lines)
    count = str(len(below)) if below else if_none
    return [ListLine(Content.assemble((heading, _STRONG), (f"  {count}", _QUIET))), *below]


def _cells(look: ShiftLook, *cells: tuple[str, int, str], rest: str) -> Content:
    used = sum(width + _GAP for _, width, _ in cells)
    room = max(0, look.width - MARK - used)
    parts = [safe(fit(text, width), style) for text, width, style in cells]
    return Content(" " * _GAP).join([*parts, safe(fit(rest, room), _TEXT)])


def _list_time(at: datetime, look: ShiftLook) -> str:
    """Return the shortest clear form of an instant, without the zone, which the head shows."""
    return near_time(at, look.zone, look.now).rsplit(" ", 1)[0]


def _handover_line(handover: Handover, look: ShiftLook) -> ListLine:
    waits = handover.is_open
    cells = (
        (_list_time(handover.given_at, look), _TIME, _QUIET),
        (name_of(look.data, handover.given_by), _NAME, _TEXT),
        (_state(handover, look), _ANSWER, _ALARM if waits and handover.given_by != look.username else _QUIET),
    )
    text = _cells(look, *cells, rest=" ".join(handover.note.split()))
    return ListLine(text, f"{HANDOVER} {handover.number}")


def _state(handover: Handover, look: ShiftLook) -> str:
    if handover.accepted_by is not None:
        return f"accepted by {name_of(look.data, handover.accepted_by)}"
    if handover.given_by != look.username:
        return "not accepted yet"
    return f"for {name_of(look.data, handover.asked)}" if handover.asked else "for everybody"


def _ticket_line(row: QueueRow, look: ShiftLook) -> ListLine:
    owner = row.owner_name or "unassigned"
    text = _cells(
        look, (row.ref, _REF, _TEXT), (owner, _NAME, _QUIET), rest=f"{row.organisation} · {row.summary}"
    )
    return ListLine(text, f"open {row.ref}")


def _page_line(number: int, each: TicketPage, look: ShiftLook) -> ListLine:
    is_open, is_roomy = each.page.is_open, look.width >= _ROOMY
    answer = page_answer(each)
    room = _NAME if is_roomy else _SHORT_NAME
    cells = (
        (each.ref, _REF, _TEXT),
        (_list_time(each.page.at, look), _TIME, _QUIET),
        (fitting_name(each.page.name, room) if each.page.name else "nobody", room, _TEXT),
        (
            answer if is_roomy else answer.removeprefix("acknowledged "),
            _ANSWER if is_roomy else _SHORT_ANSWER,
            _ALARM if is_open else _QUIET,
        ),
    )
    return ListLine(_cells(look, *cells, rest=each.summary), f"page {number} {each.ref}")


def page_answer(each: TicketPage) -> str:
    """Return what became of a page: `acknowledged in 4 min`."""
    page = each.page
    if page.acknowledged_at is None:
        return "not acknowledged" if page.is_open else "replaced"
    seconds = int((page.acknowledged_at - page.at).total_seconds())
    took = brief_amount(seconds)
    return f"{'ended after' if page.left else 'acknowledged in'} {took}"


def _due_line(number: int, item: Item, rows: Mapping[str, QueueRow], look: ShiftLook) -> ListLine:
    row = rows[item.ref]
    kind = _KINDS[item.kind] if item.kind is not None else ""
    cells = (
        (item.ref, _REF, _TEXT),
        (_list_time(instant(item.at), look), _TIME, _TEXT),
        (f"{kind}, {row.owner_name or 'unassigned'}", _NAME + 8, _QUIET),
    )
    return ListLine(_cells(look, *cells, rest=row.summary), f"due {number} {item.ref}")


def detail_text(key: str, found: ShiftHandover, look: ShiftLook) -> Content:
    """Return the details of a line by its key: a handover's note, or a ticket; nothing for no key."""
    kind, _, rest = key.partition(" ")
    if kind == HANDOVER:
        handover = next(each for each in look.data.handovers if str(each.number) == rest)
        return Content("\n").join(_handover_details(handover, look))
    ref = ref_of(key)
    row = found.rows.get(ref)
    if row is None:
        return safe(ref, _STRONG)
    return Content("\n").join(
        (
            Content.assemble(safe(ref, _STRONG), "  ", safe(row.organisation, _QUIET)),
            safe(row.summary, _TEXT),
            safe(f"Owner: {row.owner_name}" if row.owner_name else "Unassigned", _QUIET),
        )
    )


def _handover_details(handover: Handover, look: ShiftLook) -> Iterator[Content]:
    giver = name_of(look.data, handover.given_by)
    span = f"{date_time(handover.start, look.zone)} to {date_time(handover.end, look.zone)}"
    yield Content.assemble(safe(f"Shift of {giver}", _STRONG), "  ", safe(span, _QUIET))
    yield safe_lines(handover.note, _TEXT)
    if handover.accepted_at is not None:
        taker = name_of(look.data, handover.accepted_by or "")
        yield safe(f"Accepted by {taker} {at_near_time(handover.accepted_at, look.zone, look.now)}.", _QUIET)


def ref_of(key: str) -> str:
    """Return the reference of the ticket of a line by its key; an empty text for a handover."""
    kind, _, rest = key.partition(" ")
    return "" if kind == HANDOVER else rest.rpartition(" ")[2]


def handover_number(key: str) -> int | None:
    """Return the number of the handover of a line by its key; None for another line."""
    kind, _, rest = key.partition(" ")
    return int(rest) if kind == HANDOVER else None
