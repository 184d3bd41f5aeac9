"""Says the opening hours of a calendar in a few words for customers."""

from __future__ import annotations

from itertools import groupby

from supportdesk.sla.formatting import weekday
from supportdesk.sla.opening_hours import WEEKDAYS, day_of
from supportdesk.sla.policy import Hours

_MONDAY = 4
"""The number of a Monday."""


def describe_opening_hours(hours: Hours) -> str:
    """Return `Mon-Fri 08:00-18:00, except bank holidays`; empty for a calendar that never closes."""
    if hours.always:
        return ""
    days = [(name, tuple(hours.hours.get(name, ()))) for name in WEEKDAYS]
    parts = []
    for spans, group in groupby(days, key=lambda day: day[1]):
        names = [weekday(day_of(_MONDAY + WEEKDAYS.index(name))) for name, _ in group]
        if spans:
            shown = names[0] if len(names) == 1 else f"{names[0]}-{names[-1]}"
            parts.append(f"{shown} {' and '.join('-'.join(span) for span in spans)}")
    closed = ", except bank holidays" if hours.country is not None else ""
    return f"{', '.join(parts)}{closed}"


def count_working_days(hours: Hours, seconds: int) -> int | None:
    """Return how many working days an amount of open time is; None where it is no whole number of them."""
    lengths = {sum(map(_length, spans)) for spans in hours.hours.values() if spans}
    if hours.always or len(lengths) != 1:
        return None
    days, rest = divmod(seconds, lengths.pop())
    return days if days and not rest else None


def _length(span: tuple[str, str]) -> int:
    """Return the seconds from a time of day to another one, or to it on the next day."""
    begin, end = (int(time[:2]) * 3600 + int(time[3:]) * 60 for time in span)
    return end - begin if end > begin else end - begin + 86_400
