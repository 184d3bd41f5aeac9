"""The calendar and the details of a day as text."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from textual.content import Content

from supportdesk.console.rota.calendar import Entry, RotaCalendar, open_swap_of
from supportdesk.console.terminal.safe_text import safe
from supportdesk.console.text.names import fitting_name
from supportdesk.sla.formatting import MONTHS, WEEKDAYS, bare_time, date_time, full_day, local
from supportdesk.tickets.documents import Swap
from supportdesk.tickets.rota.data import RotaData, describe_lack, name_of
from supportdesk.tickets.rota.gaps import GapCause, RotaGap
from supportdesk.tickets.rota.resolution import Reason
from supportdesk.tickets.rota.timeline import Shift

LABEL = 8
"""Cells for what stands before the days."""
_ROOMY = 30
"""The height in cells from which weeks are separated by an empty line."""
NOBODY = "nobody"
_HOLIDAY = "holiday"
_CAUSES = {
    GapCause.NOBODY: "No rotation covers it",
    GapCause.LEFT: "{} has left",
    GapCause.AWAY: "{} is away without a deputy",
}
_STYLE = "$foreground"
_QUIET, _STRONG, _CHANGED, _GAP = "$quiet", "bold $foreground", "$accent", "bold $breached"
_CHOSEN = "bold $foreground on $cursor-ground"


def lines_per_week(calendar: RotaCalendar, height: int) -> int:
    """Return how many lines a week takes; where there is height for it, with an empty one below."""
    return 1 + len(calendar.lines) + (height >= _ROOMY)


def heading_text(width: int) -> Content:
    """Return the names of the weekdays above their columns."""
    cell = _cell_width(width)
    return Content.assemble(" " * LABEL, *(safe(f"{day[:3]:<{cell}}", _QUIET) for day in WEEKDAYS))


def calendar_text(
    data: RotaData, calendar: RotaCalendar, selected: date, today: date, size: tuple[int, int]
) -> Content:
    """Return the weeks, each with a line of dates and a line of people for each line of the rota.

    `size` is the width and the height in cells.
    """
    width, height = size
    cell = _cell_width(width)
    lines = []
    for week in range(calendar.weeks):
        days = calendar.days[7 * week : 7 * week + 7]
        dates = [
            _styled_cell(_date_text(calendar, day, cell), cell, _date_style(calendar, day, selected, today))
            for day in days
        ]
        lines.append(Content.assemble(safe(f"{_months_text(days):<{LABEL}}", _QUIET), *dates))
        for line in calendar.lines:
            label = line.value if len(calendar.lines) > 1 else ""
            cells = [
                _person_cell(data, *calendar.longest(day, line), cell, is_selected=day == selected)
                for day in days
            ]
            lines.append(Content.assemble(safe(f"{label:<{LABEL}}", _QUIET), *cells))
        if height >= _ROOMY:
            lines.append(Content())
    return Content("\n").join(lines)


def entry_texts(
    data: RotaData, calendar: RotaCalendar, day: date, chosen: int, *, now: datetime, width: int
) -> list[list[Content]]:
    """Return the lines about each entry of a day, no wider than `width` cells: person, times, reason and open swap."""
    found = []
    for number, entry in enumerate(calendar.on(day)):
        mark = "> " if number == chosen else "  "
        line = f"{entry.line} line, " if len(calendar.lines) > 1 else ""
        who = name_of(data, entry.person) if isinstance(entry, Shift) else NOBODY.capitalize()
        style = _GAP if isinstance(entry, RotaGap) else _STRONG if number == chosen else _STYLE
        times = f"{line}{_times(entry, calendar.zone)}"
        name = Content.assemble(mark, safe(who, style))
        if name.cell_length + 2 + len(times) <= width:
            lines = [Content.assemble(name, safe(f"  {times}", _STYLE))]
        else:
            lines = [name, *_indented(times, _STYLE, width)]
        for text in _about(data, calendar, entry, now):
            lines += _indented(text, _QUIET, width)
        found.append(lines)
    return found


def day_heading(calendar: RotaCalendar, day: date) -> Content:
    """Return the date above the entries of a day, with the name of a bank holiday."""
    holiday = calendar.holidays.get(day)
    return Content.assemble(safe(full_day(day), _STRONG), safe(f" · {holiday}" if holiday else "", _STYLE))


def _times(entry: Entry, zone: str) -> str:
    """Return the start and the end, with the zone's name once where both have the same."""
    start, end = date_time(entry.start, zone), date_time(entry.end, zone)
    name = start.rsplit(" ", 1)[1]
    return f"{start.removesuffix(f' {name}') if end.endswith(name) else start} to {end}"


def _indented(text: str, style: str, width: int) -> list[Content]:
    return [Content.assemble("    ", line) for line in safe(text, style).wrap(max(1, width - 4))]


def _about(data: RotaData, calendar: RotaCalendar, entry: Entry, now: datetime) -> list[str]:
    """Return what is to be said about an entry, a line each."""
    if isinstance(entry, RotaGap):
        return [_CAUSES[entry.cause].format(name_of(data, entry.person))]
    found = []
    if entry.reason is not Reason.ROTATION:
        whose = f", instead of {name_of(data, entry.instead_of)}" if entry.instead_of else ""
        found.append(f"{entry.reason.value.capitalize()}{whose}")
    if any(
        gap.line is entry.line and gap.start < entry.end and entry.start < gap.end
        for gap in calendar.unreachable
    ):
        found.append(f"Has {describe_lack(data.find_methods())}")
    swap = open_swap_of(data, entry)
    if swap is not None:
        found.append(_swap_text(data, swap, calendar.zone))
    if entry.start <= now < entry.end:
        person = data.staff[entry.person]
        found.append(f"On call now{f' on {person.telephone}' if person.telephone else ''}")
    return found


def _swap_text(data: RotaData, swap: Swap, zone: str) -> str:
    if swap.taken_by is None:
        return f"Offered to {name_of(data, swap.asked) if swap.asked else 'everybody'} (swap {swap.number})"
    text = f"Swap {swap.number}, accepted by {name_of(data, swap.taken_by)}"
    if swap.in_return is not None:
        text = f"{text} for {date_time(swap.in_return[0], zone)}"
    return f"{text}; to be approved"


def _person_cell(
    data: RotaData, entry: Entry | None, others: int, width: int, *, is_selected: bool
) -> Content:
    if entry is None:
        return _styled_cell("", width, "")
    more = f" +{others}" if others else ""
    if isinstance(entry, RotaGap):
        return _styled_cell(f"{NOBODY}{more}", width, _GAP)
    name = fitting_name(name_of(data, entry.person), width - 1 - len(more))
    style = _STYLE if entry.reason is Reason.ROTATION else _CHANGED
    return _styled_cell(f"{name}{more}", width, _CHOSEN if is_selected else style)


def _styled_cell(text: str, width: int, style: str) -> Content:
    """Return a text cut or filled to a cell, with a blank after it that has no style."""
    content = safe(text)
    if content.cell_length > width - 1:
        content = content.truncate(width - 1, ellipsis=True)
    return Content.assemble(content.pad_right(width - 1 - content.cell_length).stylize(style), " ")


def _months_text(days: Sequence[date]) -> str:
    """Return the month of a week, or both: `Dec/Jan`."""
    return "/".join(dict.fromkeys(MONTHS[day.month - 1][:3] for day in (days[0], days[-1])))


def _date_text(calendar: RotaCalendar, day: date, width: int) -> str:
    """Return a date as it fits into a cell: with the month where one begins within a week, and marked as a holiday."""
    begins_within = day.day == 1 and day.weekday() != 0
    text = f"{day.day} {MONTHS[day.month - 1][:3]}" if begins_within else str(day.day)
    if day not in calendar.holidays:
        return text
    marked = f"{text} {_HOLIDAY}"
    return marked if len(marked) < width else f"{text} {_HOLIDAY[:3]}"


def _date_style(calendar: RotaCalendar, day: date, selected: date, today: date) -> str:
    if day == selected:
        return _CHOSEN
    if day == today:
        return "bold $accent"
    return _STRONG if day in calendar.holidays else _QUIET


def _cell_width(width: int) -> int:
    return max(6, (width - LABEL) // 7)


def period_text(calendar: RotaCalendar, now: datetime) -> str:
    """Return the first and the last day shown, and the present time with its zone."""
    last = calendar.days[-1]
    clock = f"{bare_time(now, calendar.zone)} {local(now, calendar.zone):%Z}"
    return f"{full_day(calendar.first)} to {full_day(last)} · {clock}"
