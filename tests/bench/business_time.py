"""Business time against a plain bisection and against pandas: microseconds a call, and the ratios between them."""

from __future__ import annotations

import random
import statistics
import time
from bisect import bisect_left, bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from supportdesk.sla.calendar import BusinessCalendar
from supportdesk.sla.holidays import expand_holidays

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
ZONE = ZoneInfo("Europe/London")
WEEK = {day: [("08:00", "18:00")] for day in ("mon", "tue", "wed", "thu", "fri")}
ROUNDS = 21
CALLS = 2_000
PANDAS_CALLS = 3
PANDAS_ROUNDS = 3

Call = Callable[[], object]


class PlainTable:
    """A plain bisection: every span of the same years, prefix sums, and the same conversions as the calendar's."""

    __slots__ = ("before", "closes", "opens", "sums")

    def __init__(self, holidays: set[date], first_year: int, last_year: int) -> None:
        self.opens: list[int] = []
        self.closes: list[int] = []
        self.before: list[int] = []
        self.sums: list[int] = []
        day, total = date(first_year, 1, 1), 0
        while day.year <= last_year:
            if day.weekday() < 5 and day not in holidays:
                midnight = datetime(day.year, day.month, day.day, tzinfo=ZONE)
                opens = int(midnight.replace(hour=8).timestamp())
                closes = int(midnight.replace(hour=18).timestamp())
                self.opens.append(opens)
                self.closes.append(closes)
                self.before.append(total)
                total += closes - opens
                self.sums.append(total)
            day += timedelta(days=1)

    def add(self, start: datetime, amount: timedelta) -> datetime:
        since = start - EPOCH
        total = self._total_at(since.days * 86_400 + since.seconds) + amount.days * 86_400 + amount.seconds
        place = bisect_left(self.sums, total)
        return datetime.fromtimestamp(self.opens[place] + total - self.before[place], UTC)

    def between(self, start: datetime, end: datetime) -> timedelta:
        since, until = start - EPOCH, end - EPOCH
        return timedelta(
            0,
            self._total_at(until.days * 86_400 + until.seconds)
            - self._total_at(since.days * 86_400 + since.seconds),
        )

    def _total_at(self, at: int) -> int:
        place = bisect_right(self.closes, at)
        opens = self.opens[place]
        return self.before[place] + (at - opens if at > opens else 0)


@dataclass(frozen=True, slots=True)
class Row:
    """A question, and the cost of each way of answering it in microseconds a call; None if it was not measured."""

    question: str
    ours: float
    seconds: float
    plain: float
    pandas: float | None


def run() -> list[Row]:
    """Measure all questions, with the ways interleaved in each round, and return the medians of the rounds."""
    holidays = expand_holidays("GB", "ENG", 1990, 2100)
    calendar = BusinessCalendar("Europe/London", WEEK, holidays=("GB", "ENG"))
    plain = PlainTable(set(holidays), 1990, 2100)
    starts = _starts()
    adding = [_row_of_add(hours, calendar, plain, starts) for hours in (3, 24, 1_000)]
    spans = (("a day", timedelta(days=1)), ("a year", timedelta(days=365)))
    return adding + [_row_of_between(name, length, calendar, plain, starts) for name, length in spans]


def _row_of_add(hours: int, calendar: BusinessCalendar, plain: PlainTable, starts: list[datetime]) -> Row:
    amount, seconds = timedelta(hours=hours), hours * 3600
    instants = [int(start.timestamp()) for start in starts]
    assert [calendar.add(start, amount) for start in starts] == [plain.add(start, amount) for start in starts]
    return _measure(
        f"add {hours:,} business hours",
        lambda: [calendar.add(start, amount) for start in starts],
        lambda: [calendar.add_seconds(start, seconds) for start in instants],
        lambda: [plain.add(start, amount) for start in starts],
        _pandas_add(hours, starts),
    )


def _row_of_between(
    name: str, length: timedelta, calendar: BusinessCalendar, plain: PlainTable, starts: list[datetime]
) -> Row:
    pairs = [(start, start + length) for start in starts]
    instants = [(int(start.timestamp()), int(end.timestamp())) for start, end in pairs]
    assert all(calendar.between(*pair) == plain.between(*pair) for pair in pairs)
    return _measure(
        f"between, {name} apart",
        lambda: [calendar.between(start, end) for start, end in pairs],
        lambda: [calendar.seconds_between(start, end) for start, end in instants],
        lambda: [plain.between(start, end) for start, end in pairs],
        _pandas_between(pairs),
    )


def first_answer() -> float:
    """Return the median milliseconds to build a calendar from its stored dates and to get one answer from it."""
    dates = tuple(expand_holidays("GB", "ENG", 1990, 2100))
    start, amount = datetime(2026, 11, 24, 9, 42, tzinfo=UTC), timedelta(hours=24)
    taken = []
    for _ in range(11):
        began = time.perf_counter()
        BusinessCalendar("Europe/London", WEEK, holidays=dates).add(start, amount)
        taken.append(time.perf_counter() - began)
    return statistics.median(taken) * 1e3


def report() -> str:
    """Return the table as text."""
    lines = [
        f"Business time, us a call, medians of {ROUNDS} interleaved rounds. `seconds` is the integer form of the same.",
        f"{'':<26}{'ours':>8}{'seconds':>9}{'bisect':>8}{'pandas':>9}{'ours/bisect':>13}{'pandas/ours':>13}",
    ]
    rows = run()
    for row in rows:
        other = f"{row.pandas:>9.1f}" if row.pandas is not None else f"{'-':>9}"
        ratio = f"{row.pandas / row.ours:>12.0f}x" if row.pandas is not None else f"{'-':>13}"
        lines.append(
            f"{row.question:<26}{row.ours:>8.2f}{row.seconds:>9.2f}{row.plain:>8.2f}{other}"
            f"{row.ours / row.plain:>13.2f}{ratio}"
        )
    if rows[0].pandas is None:
        lines.append("pandas is not installed: its column was skipped.")
    lines.append(f"Calendar of stored dates to first answer: {first_answer():.1f} ms.")
    return "\n".join(lines)


def _starts() -> list[datetime]:
    """Return instants of ten years, half of them in office hours, the same in every run."""
    chance = random.Random(17)
    low = int(datetime(2018, 1, 1, tzinfo=UTC).timestamp())
    return [datetime.fromtimestamp(low + chance.randrange(10 * 365 * 86_400), UTC) for _ in range(CALLS)]


def _measure(question: str, ours: Call, seconds: Call, plain: Call, pandas: Call | None) -> Row:
    ways = {"ours": ours, "seconds": seconds, "plain": plain}
    taken: dict[str, list[float]] = {name: [] for name in (*ways, "pandas")}
    for number in range(ROUNDS):
        for name in ways if number % 2 else reversed(ways):
            taken[name].append(_timed(ways[name]) / CALLS)
        if pandas is not None and number < PANDAS_ROUNDS:
            taken["pandas"].append(_timed(pandas) / PANDAS_CALLS)
    medians = {name: statistics.median(each) * 1e6 for name, each in taken.items() if each}
    return Row(question, medians["ours"], medians["seconds"], medians["plain"], medians.get("pandas"))


def _timed(call: Call) -> float:
    began = time.perf_counter()
    call()
    return time.perf_counter() - began


def _pandas_add(hours: int, starts: list[datetime]) -> Call | None:
    try:
        import pandas as pd
    except ImportError:
        return None
    offset = _business_hours(hours)
    stamps = [pd.Timestamp(start) for start in starts[:PANDAS_CALLS]]
    return lambda: [stamp.tz_convert(ZONE) + offset for stamp in stamps]


def _pandas_between(pairs: list[tuple[datetime, datetime]]) -> Call | None:
    """Return what counts the business hours in pandas: it has no such question, so whole hours are counted."""
    try:
        import pandas as pd
    except ImportError:
        return None
    offset = _business_hours(1)
    return lambda: [
        len(pd.date_range(start.astimezone(ZONE), end.astimezone(ZONE), freq=offset))
        for start, end in pairs[:PANDAS_CALLS]
    ]


def _business_hours(hours: int) -> object:
    import pandas as pd

    days = list(expand_holidays("GB", "ENG", 2015, 2035))
    return pd.offsets.CustomBusinessHour(n=hours, start="08:00", end="18:00", holidays=days)


if __name__ == "__main__":
    print(report())
