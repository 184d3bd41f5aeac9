"""An explanation as a value, and how it is laid out to be read."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from datetime import datetime

import msgspec

from supportdesk.sla import formatting

COLUMNS = 80


class Line(msgspec.Struct, frozen=True):
    """One stretch: what it was (`counted`, `closed: weekend, holiday NAME`, `paused ...`, `resolved ...`), what it
    counted and the total after it, in seconds of the clock's calendar.
    """

    began: datetime
    ended: datetime
    what: str
    counted: int
    total: int


class Explanation(msgspec.Struct, frozen=True):
    """A clock's figure with its reasons. `heading` and `verdict` are sentences; `lines` is the sum between them.

    `end` says what the last line's end is; `timezone` is the one in which the times are told.
    """

    heading: str
    lines: tuple[Line, ...]
    verdict: str
    timezone: str = "UTC"
    end: str = "now"

    def text(self) -> str:
        """The whole explanation as plain lines of at most 80 columns."""
        parts = (textwrap.wrap(self.heading, COLUMNS), self._table(), textwrap.wrap(self.verdict, COLUMNS))
        return "\n\n".join("\n".join(part) for part in parts if part)

    def _table(self) -> list[str]:
        if not self.lines:
            return []
        starts = self._starts()
        total = formatting.exact_duration(self.lines[-1].total)
        figures = [formatting.exact_duration(line.counted) for line in self.lines]
        width = max(map(len, ("counted", total, *figures))) + 2
        left = max(map(len, starts)) + 2
        middle = COLUMNS - left - 2 * width
        rows = [f"{'from':{left + middle}}{'counted':>{width}}{'so far':>{width}}"]
        for start, line, figure in zip(starts, self.lines, figures, strict=False):
            first, *others = textwrap.wrap(line.what, middle)
            counts = (
                f"{figure:>{width}}{formatting.exact_duration(line.total):>{width}}" if line.counted else ""
            )
            rows.append(f"{start:{left}}{first:{middle}}{counts}".rstrip())
            rows += [f"{'':{left}}{other}" for other in others]
        rows.append(f"{starts[-1]:{left}}{self.end:{middle + width}}{total:>{width}}")
        return rows

    def _starts(self) -> list[str]:
        """The beginning of each line and the end of the last, with seconds where any of them has some."""
        instants = [*(line.began for line in self.lines), self.lines[-1].ended]
        seconds = any(at.second for at in instants)
        return list(self._told(instants, seconds=seconds))

    def _told(self, instants: list[datetime], *, seconds: bool) -> Iterator[str]:
        """Each instant, with the year where it is not the one before's."""
        year = formatting.local(instants[0], self.timezone).year
        for at in instants:
            local = formatting.local(at, self.timezone)
            told_year = f" {local.year}" if local.year != year else ""
            second = f":{local.second:02}" if seconds else ""
            year = local.year
            yield (
                f"{formatting.weekday(local)} {formatting.day(local):>6}{told_year} "
                f"{formatting.bare_time(at, self.timezone)}{second} {formatting.zone_name(at, self.timezone)}"
            )
