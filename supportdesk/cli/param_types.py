"""click parameter types: references, instants, days, durations and choices."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from supportdesk.cli.errors import BadRequestError
from supportdesk.cli.output import echo_note
from supportdesk.tickets.direction import Direction

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from supportdesk.desk_api import PolicyQueries


class ReferenceParam(click.ParamType[str]):
    """A ticket's reference, in any case and with or without its dashes."""

    name = "ref"

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Return the open tickets, most urgent first."""
        from supportdesk.cli.shell_complete import complete_from_desk

        return complete_from_desk("ticket")(ctx, param, incomplete)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the reference in its canonical form."""
        from supportdesk.tickets.reference import BadReferenceError, parse

        try:
            return parse(value)
        except BadReferenceError as error:
            self.fail(str(error), param, ctx)


class TypedInstant(NamedTuple):
    """A date and time as typed; it becomes an instant once the desk's time zone is known."""

    text: str
    direction: Direction

    @property
    def absolute(self) -> datetime | None:
        """The instant of an ISO 8601 text with an offset, which needs no time zone; None for other texts."""
        found = _COMPLETE.fullmatch(self.text)
        if found is None or found["offset"] is None:
            return None
        return self.resolve_in_zone("UTC", datetime.min.replace(tzinfo=UTC))

    def resolve(self, desk: PolicyQueries) -> datetime:
        """Return the instant at a desk. Raises BadRequestError."""
        now = desk.now()
        return self.resolve_in_zone(desk.policy_at(now).timezone, now)

    def resolve_in_zone(self, zone: str, now: datetime) -> datetime:
        """Return the instant in UTC, and print on stderr how it was read. Raises BadRequestError."""
        from supportdesk.tickets.time_input import describe_instant, parse_instant
        from supportdesk.tickets.typed_text import TimeInputError

        try:
            at = parse_instant(self.text, zone=zone, now=now, direction=self.direction)
        except TimeInputError as error:
            raise BadRequestError(f"{error}.") from error
        _echo_interpretation(self.text, describe_instant(at, zone, now).removesuffix(", now"))
        return at


class TypedDay(NamedTuple):
    """A day as typed; it becomes a date once the desk's time zone is known."""

    text: str
    direction: Direction

    def resolve(self, desk: PolicyQueries) -> date:
        """Return the date at a desk, and print on stderr how it was read. Raises BadRequestError."""
        from supportdesk.tickets.time_input import describe_day, parse_day
        from supportdesk.tickets.typed_text import TimeInputError

        now = desk.now()
        zone = desk.policy_at(now).timezone
        try:
            day = parse_day(self.text, zone=zone, now=now, direction=self.direction)
        except TimeInputError as error:
            raise BadRequestError(f"{error}.") from error
        _echo_interpretation(self.text, describe_day(day))
        return day


def _echo_interpretation(text: str, meant: str) -> None:
    if _COMPLETE.fullmatch(text) is None:
        from supportdesk.tickets.typed_text import quoted

        echo_note(f"{quoted(text)} is understood as {meant}.")


_COMPLETE = re.compile(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d)?(?P<offset>Z|[+-]\d\d:\d\d)?)?", re.ASCII)
"""ISO 8601 as scripts write it: unambiguous, so how it was read need not be printed."""

PAST_EXAMPLES = "such as 9:15, 20 min ago, yesterday 17:40 or 2026-11-24T09:15Z"
DAY_EXAMPLES = "such as 9 Dec, fri or 2026-12-09"
IN_ZONE = "in the policy's time zone unless it has an offset"


class InstantParam(click.ParamType[TypedInstant]):
    """A date and time, in the policy's time zone unless it has an offset; `direction` is past, future or either."""

    name = "time"

    def __init__(self, direction: Direction = Direction.EITHER) -> None:
        self._direction = direction

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> TypedInstant:
        """Wrap the text until the desk's time zone is known."""
        return value if isinstance(value, TypedInstant) else TypedInstant(value, self._direction)


class DayParam(click.ParamType[TypedDay]):
    """A calendar day; `direction` is past, future or either."""

    name = "day"

    def __init__(self, direction: Direction = Direction.EITHER) -> None:
        self._direction = direction

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> TypedDay:
        """Wrap the text until the desk's time zone is known."""
        return value if isinstance(value, TypedDay) else TypedDay(value, self._direction)


class ProgramParam(click.ParamType[tuple[str, ...]]):
    """A program with its arguments, divided as a shell does it."""

    name = "command"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, ...]:
        """Return the program and its arguments."""
        if isinstance(value, tuple):
            return value
        import shlex

        try:
            words = tuple(shlex.split(value))
        except ValueError:
            self.fail("a quotation mark has no other one; quote the command as in a shell", param, ctx)
        if not (words and words[0]):
            self.fail("give a program and its arguments, such as /usr/local/bin/transcribe", param, ctx)
        return words


class MonthParam(click.ParamType[date]):
    """A month, given by its first day."""

    name = "month"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Return the first day of `2026-11` or `Nov 2026`."""
        if isinstance(value, date):
            return value
        from supportdesk.tickets.time_input import parse_month
        from supportdesk.tickets.typed_text import TimeInputError

        try:
            return parse_month(value)
        except TimeInputError as error:
            self.fail(str(error), param, ctx)


class SecondsParam(click.ParamType[int]):
    """A duration between two bounds, in seconds where no unit is typed."""

    name = "duration"

    def __init__(self, least: int, most: int) -> None:
        self._least, self._most = least, most

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Return the duration in seconds."""
        if isinstance(value, int):
            return value
        from supportdesk.sla.formatting import amount
        from supportdesk.tickets.durations import parse_duration
        from supportdesk.tickets.typed_text import TimeInputError, quoted

        try:
            seconds = parse_duration(value, unit="s", example="15, 45 s or 2 min")
        except TimeInputError as error:
            self.fail(str(error), param, ctx)
        if not self._least <= seconds <= self._most:
            self.fail(
                f"{quoted(value)} is not between {amount(self._least)} and {amount(self._most)}", param, ctx
            )
        return seconds


class ChoiceParam(click.ParamType[str]):
    """One of a few words; spaces may be typed as dashes: `third-party`."""

    name = "word"

    def __init__(self, words: Iterable[str]) -> None:
        self._words = {_dashed(word): word for word in words if word}

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """Return the words in brackets, separated by bars."""
        return f"[{'|'.join(self._words)}]"

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Return the words with this prefix."""
        from click.shell_completion import CompletionItem

        return [CompletionItem(word) for word in self._words if word.startswith(_dashed(incomplete))]

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the word as the desk stores it."""
        word = self._words.get(_dashed(value))
        if word is None:
            from supportdesk.tickets.typed_text import quoted

            self.fail(f"{quoted(value)} is not one of {', '.join(self._words)}", param, ctx)
        return word


def _dashed(word: str) -> str:
    return "-".join(word.casefold().replace("-", " ").split())


def utc(at: datetime) -> str:
    """Return an instant as it is in JSON: `2026-11-24T09:42:00Z`."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
