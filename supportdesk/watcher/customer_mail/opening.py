"""The opening hours of a calendar, in the few values that a customer is told."""

from __future__ import annotations

from itertools import groupby

from supportdesk.sla.opening_hours import WEEKDAYS
from supportdesk.sla.policy import Hours
from supportdesk.watcher.customer_mail.content import OpenDays, OpenHours


def find_open_hours(hours: Hours) -> OpenHours | None:
    """Return when a calendar is open in a usual week; None for one that never closes, or is closed all week."""
    if hours.always:
        return None
    week = [tuple(hours.hours.get(name, ())) for name in WEEKDAYS]
    days = []
    for spans, group in groupby(range(len(week)), key=lambda day: week[day]):
        places = list(group)
        if spans:
            days.append(OpenDays(places[0], places[-1], spans))
    return OpenHours(tuple(days), hours.timezone, hours.country is not None) if days else None


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
