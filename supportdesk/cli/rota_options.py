"""The options and parameter types of the rota's commands."""

from __future__ import annotations

from typing import Any, NamedTuple

import click

from supportdesk.cli.param_types import ChoiceParam, TypedDay
from supportdesk.tickets.direction import Direction
from supportdesk.tickets.documents import Line, TurnUnit


class LineParam(ChoiceParam):
    """A line of the rota."""

    def __init__(self) -> None:
        super().__init__(Line)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Line:
        """Return the line with a name; any other name is a usage error."""
        return Line(super().convert(value, param, ctx))


class TurnLength(NamedTuple):
    """The length of a turn: so many units."""

    every: int
    unit: TurnUnit


class TurnLengthParam(click.ParamType[TurnLength]):
    """The length of a turn: `12 h`, `1 day`, `2 weeks`."""

    name = "length"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> TurnLength:
        """Return the length in the largest unit of which it is a whole number."""
        if isinstance(value, TurnLength):
            return value
        from supportdesk.tickets.durations import SECONDS, read_span
        from supportdesk.tickets.typed_text import TimeInputError, plain_words

        try:
            span = read_span(plain_words(value))
        except TimeInputError as error:
            self.fail(str(error), param, ctx)
        days, seconds = (span.days, span.seconds) if span is not None else (0, 0)
        if bool(days) is bool(seconds) or seconds % SECONDS["h"]:
            self.fail(
                f"{value!r} is not a number of hours, days or weeks, such as 12 h or 1 week", param, ctx
            )
        if seconds:
            return TurnLength(seconds // SECONDS["h"], TurnUnit.HOURS)
        weeks, left = divmod(days, 7)
        return TurnLength(days, TurnUnit.DAYS) if left else TurnLength(weeks, TurnUnit.WEEKS)


class NamedDay(NamedTuple):
    """A member of staff as typed, and a day."""

    name: str
    day: TypedDay


class NamedDayParam(click.ParamType[NamedDay]):
    """A member of staff and a day: `priya=1 Dec`."""

    name = "name and day"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> NamedDay:
        """Split the text; the day is read once the desk's time zone is known."""
        if isinstance(value, NamedDay):
            return value
        name, sign, day = value.partition("=")
        if not (sign and name.strip() and day.strip()):
            self.fail(f"{value!r} is not a name and a day, such as priya=2026-12-01", param, ctx)
        return NamedDay(name.strip(), TypedDay(day.strip(), Direction.EITHER))


line_option = click.option(
    "--line", type=LineParam(), default=Line.FIRST, help="The line of the rota; the first by default."
)
despite_gap_option = click.option(
    "--despite-gap",
    is_flag=True,
    help="Do it although nobody would be on call at a time of the next 14 days.",
)
