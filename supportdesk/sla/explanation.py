"""The explanation of a clock as a value, and its layout as text."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from datetime import datetime

import msgspec

from supportdesk.sla import formatting

COLUMNS = 80


class ExplanationLine(msgspec.Struct, frozen=True):
    """One span of a clock's time.

    `what` is `counted`, `closed: weekend, holiday NAME`, `on hold ...` or `resolved`. `counted` and `total`, the sum so
    far, are in seconds of the clock's calendar.
    """

    began: datetime
    ended: datetime
    what: str
    counted: int
    total: int


class Explanation(msgspec.Struct, frozen=True):
    """How the figure of a clock was calculated: `heading` and `verdict` are sentences, `lines` add up to the figure.

    `end` labels the end of the last line; `timezone` is the zone of the times.
    """

    heading: str
    lines: tuple[ExplanationLine, ...]
    verdict: str
    timezone: str = "UTC"
    end: str = "now"

    def text(self) -> str:
        """Return the explanation as plain lines of at most 80 columns."""
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
        """Return the start of each line and the end of the last, all with seconds if any has some."""
        instants = [*(line.began for line in self.lines), self.lines[-1].ended]
        seconds = any(at.second for at in instants)
        return list(self._written(instants, seconds=seconds))

    def _written(self, instants: list[datetime], *, seconds: bool) -> Iterator[str]:
        """Yield each instant, with its year where that differs from the year of the previous one."""
        year = formatting.local(instants[0], self.timezone).year
        for at in instants:
            local = formatting.local(at, self.timezone)
            year_shown = f" {local.year}" if local.year != year else ""
            second = f":{local.second:02}" if seconds else ""
            year = local.year
            yield (
                f"{formatting.weekday(local)} {formatting.day(local):>6}{year_shown} "
                f"{formatting.bare_time(at, self.timezone)}{second} {formatting.zone_name(at, self.timezone)}"
            )
