"""Kinds of arguments that the desk's commands take, read from what somebody typed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

from supportdesk.cli.faults import BadRequestError
from supportdesk.sla.hours import FIRST_YEAR, LAST_YEAR

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

YEARS = range(FIRST_YEAR, LAST_YEAR + 1)
"""The years for which the desk's calendars answer."""


class Reference(click.ParamType[str]):
    """A ticket's reference, in any case and with or without its dashes."""

    name = "ref"

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """The open tickets, the most urgent first."""
        from supportdesk.cli.completing import known

        return known("ticket")(ctx, param, incomplete)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The reference as it is written."""
        from supportdesk.tickets.reference import BadReferenceError, parse

        try:
            return parse(value)
        except BadReferenceError as error:
            self.fail(str(error), param, ctx)


class Instant(click.ParamType[datetime]):
    """An ISO 8601 instant. One without an offset is naive until `in_zone` places it."""

    name = "instant"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """The datetime in whole seconds, naive or aware as it was written."""
        if isinstance(value, datetime):
            return value
        try:
            at = datetime.fromisoformat(value.strip()).replace(microsecond=0)
        except ValueError:
            self.fail(
                f"{value!r} is no instant; write 2026-12-24T17:00, or 2026-12-24T17:00Z for UTC", param, ctx
            )
        if at.year not in YEARS:
            self.fail(f"{value!r} is outside the years {YEARS[0]} to {YEARS[-1]}", param, ctx)
        return at


class Day(click.ParamType[date]):
    """An ISO 8601 date."""

    name = "day"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """The date."""
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(value.strip())
        except ValueError:
            self.fail(f"{value!r} is no day; write 2026-12-24", param, ctx)


class Word(click.ParamType[str]):
    """One of a few words. Those of several may be written with dashes: `third-party`."""

    name = "word"

    def __init__(self, words: Iterable[str]) -> None:
        self._words = {_dashed(word): word for word in words if word}

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """All words."""
        return f"[{'|'.join(self._words)}]"

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Those of the words that begin so."""
        from click.shell_completion import CompletionItem

        return [CompletionItem(word) for word in self._words if word.startswith(_dashed(incomplete))]

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The word as the desk writes it."""
        word = self._words.get(_dashed(value))
        if word is None:
            self.fail(f"{value!r} is none of {', '.join(self._words)}", param, ctx)
        return word


def _dashed(word: str) -> str:
    return "-".join(word.casefold().replace("-", " ").split())


def in_zone(at: datetime, zone: str) -> datetime:
    """The instant in UTC; a naive one is what the clocks of `zone` show.

    Raises BadRequestError for a time that they skip or show twice.
    """
    if at.tzinfo is not None:
        return at.astimezone(UTC)
    local = ZoneInfo(zone)
    first, second = (at.replace(tzinfo=local, fold=fold).astimezone(UTC) for fold in (0, 1))
    if first.astimezone(local).replace(tzinfo=None) != at:
        raise BadRequestError(f"The clocks of {zone} skip {at:%Y-%m-%d %H:%M}; give the time with an offset.")
    if first != second:
        raise BadRequestError(
            f"The clocks of {zone} show {at:%Y-%m-%d %H:%M} twice; give the time with an offset:"
            f" {first:%H:%MZ} or {second:%H:%MZ}."
        )
    return first


def utc(at: datetime) -> str:
    """An instant as JSON holds it: `2026-11-24T09:42:00Z`."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
