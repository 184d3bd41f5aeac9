"""Reads the times of an export, which ServiceNow writes in the format and zone of the user who exported it.

A file has one order of day, month and year. A day above 12 shows which; if there is none, the day comes first.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, tzinfo
from enum import StrEnum

import msgspec

from supportdesk.intake.servicenow.text_file import UnreadableExportError
from supportdesk.tickets.timestamps import parse_timestamp
from supportdesk.tickets.typed_text import TimeInputError

_DATED = re.compile(r"([0-9]{1,4})([-/.])([0-9]{1,2})\2([0-9]{1,4})(?:[\sT]+[0-9].*)?")
_MONTHS = 12


class DateOrder(StrEnum):
    """The order of day, month and year in a file."""

    ISO = "iso"
    DAY_FIRST = "dmy"
    MONTH_FIRST = "mdy"

    @property
    def text(self) -> str:
        """The order in words."""
        return {"iso": "year first", "dmy": "day first", "mdy": "month first"}[self.value]


_FIELDS = {DateOrder.ISO: "ymd", DateOrder.DAY_FIRST: "dmy", DateOrder.MONTH_FIRST: "mdy"}


class ParsedTime(msgspec.Struct, frozen=True):
    """A time that was read. `remark` says what was assumed; empty where nothing was."""

    at: datetime
    remark: str = ""


class DateEvidence:
    """Collects what the dates of a file show of their order; `given` is the order that the operator gave."""

    def __init__(self, given: DateOrder | None = None) -> None:
        self._given = given
        self._seen: dict[DateOrder | None, tuple[int, str]] = {}

    def add(self, line: int, text: str) -> None:
        """Record the date on a line; a text that is not a date is ignored."""
        found = _DATED.fullmatch(text)
        if found is None:
            return
        for order in _orders_shown(*found.group(1, 3, 4)):
            self._seen.setdefault(order, (line, text))

    def order(self) -> DateOrder:
        """Return the order of the whole file. Raises UnreadableExportError if it mixes orders."""
        shown = [order for order in self._seen if order is not None]
        if len(shown) > 1:
            raise UnreadableExportError(f"it mixes orders of day and month: {self._describe(*shown)}")
        if None in self._seen and shown == [DateOrder.ISO]:
            raise UnreadableExportError(
                f"it mixes orders of day and month: {self._describe(DateOrder.ISO, None)}"
            )
        if self._given is None:
            return shown[0] if shown else DateOrder.DAY_FIRST
        if self._contradicts(self._given):
            raise UnreadableExportError(
                f"its dates are not {self._given.text}: {self._describe(*self._seen)}; omit --dates"
            )
        return self._given

    @property
    def is_assumed(self) -> bool:
        """Whether no date shows the order, and none was given."""
        return self._given is None and set(self._seen) == {None}

    def _contradicts(self, given: DateOrder) -> bool:
        others = set(self._seen) - {given}
        return bool(others if given is DateOrder.ISO else others - {None})

    def _describe(self, *orders: DateOrder | None) -> str:
        places = sorted(self._seen[order] + (order,) for order in orders)
        return ", ".join(
            f"{text} in line {line} is {order.text if order else 'not year first'}"
            for line, text, order in places
        )


def _orders_shown(first: str, second: str, third: str) -> tuple[DateOrder | None, ...]:
    """Return the order that a date shows: none where it cannot be a date, None where it can be read in two ways."""
    if len(first) == 4:
        return (DateOrder.ISO,) if len(third) <= 2 and int(second) <= _MONTHS else ()
    day, month = int(first), int(second)
    if len(third) != 4 or len(first) > 2 or min(day, month) > _MONTHS:
        return ()
    if day > _MONTHS:
        return (DateOrder.DAY_FIRST,)
    return (DateOrder.MONTH_FIRST if month > _MONTHS else None,)


class TimeReader(msgspec.Struct, frozen=True):
    """Reads the times of one file, whose dates have one order and whose times have one zone."""

    order: DateOrder
    zone: tzinfo = UTC

    def read(self, text: str) -> ParsedTime | None:
        """Return the UTC instant of a time such as `29-02-2016 01:23` or `2016-02-29 01:23:45`; None for any other
        text.
        """
        try:
            at = parse_timestamp(text, _FIELDS[self.order])
        except TimeInputError:
            return None
        return self._placed(at) if at.tzinfo is None else ParsedTime(at.astimezone(UTC))

    def _placed(self, local: datetime) -> ParsedTime:
        """Return a wall-clock time of the file's zone as an instant."""
        early, late = (local.replace(tzinfo=self.zone, fold=fold) for fold in (0, 1))
        at = early.astimezone(UTC)
        if at.astimezone(self.zone).replace(tzinfo=None) != local:
            return ParsedTime(
                at, f"{local:%d %b %Y %H:%M} was skipped when the clocks changed; {at:%H:%M} UTC is used"
            )
        if early.utcoffset() != late.utcoffset():
            return ParsedTime(
                at, f"{local:%d %b %Y %H:%M} came twice when the clocks changed; the first is used"
            )
        return ParsedTime(at)
