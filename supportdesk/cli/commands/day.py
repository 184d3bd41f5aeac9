"""`supportdesk day`: single days on which the office keeps other hours than its calendar says."""

from __future__ import annotations

import click
import msgspec

from supportdesk.cli.context import CliContext, pass_session
from supportdesk.cli.errors import BadRequestError
from supportdesk.cli.output import columns, say, say_json
from supportdesk.cli.param_types import Day, TypedDay
from supportdesk.cli.records import Decorator, as_json, keep, options, plain
from supportdesk.cli.table import NARROW, Column, lines
from supportdesk.tickets import durations
from supportdesk.tickets.durations import TimeInputError, quoted
from supportdesk.tickets.records.commands import ChangeDay
from supportdesk.tickets.records.events import DayChanged
from supportdesk.tickets.time_input import parse_time_of_day

which: Decorator = options(
    click.argument("day", type=Day()),
    click.option("--calendar", default="office", show_default=True, help="Which calendar of the policy."),
    click.option("--reason", required=True, help="Why; it stands on every ticket whose due time moves."),
)


@click.group()
def day() -> None:
    """Days on which the office keeps other hours."""


@day.command()
@which
@pass_session
def close(session: CliContext, day: TypedDay, calendar: str, reason: str) -> None:
    """Declare a day closed. Running clocks move, and every ticket says so."""
    change = keep(session, lambda door: ChangeDay(calendar, day.on(door), (), plain(reason)))
    say(f"The {calendar} is closed on {change.day:%d %b %Y}.")


@day.command("open")
@which
@click.option("--hours", multiple=True, required=True, metavar="HH:MM-HH:MM", help="Once for each span.")
@pass_session
def open_(session: CliContext, day: TypedDay, calendar: str, reason: str, hours: tuple[str, ...]) -> None:
    """Declare a day's hours, in place of those that the calendar gives it."""
    spans = tuple(_span(each) for each in hours)
    change = keep(session, lambda door: ChangeDay(calendar, day.on(door), spans, plain(reason)))
    say(f"The {calendar} is open on {change.day:%d %b %Y}, {', '.join(map(_told, spans))}.")


def _told(span: tuple[str, str]) -> str:
    opens, closes = span
    return f"{opens}-{closes}{' the next day' if closes <= opens else ''}"


def _span(text: str) -> tuple[str, str]:
    try:
        opens, dash, closes = durations.plain(text).partition("-")
        if not dash:
            raise TimeInputError(f"{quoted(text)} has no end")
        return parse_time_of_day(opens), parse_time_of_day(closes)
    except TimeInputError as error:
        raise BadRequestError(f"{error}. Hours are typed as 9:00-12:30.") from error


@day.command("list")
@as_json
@pass_session
def list_(session: CliContext, as_json: bool) -> None:
    """All days that were declared closed, or given other hours, the latest last."""
    with session.desk() as door:
        changed = door.changed_days()
    if as_json:
        say_json([msgspec.to_builtins(each) for each in changed])
        return
    rows = [(each.day.isoformat(), each.calendar, _hours(each), each.reason) for each in changed]
    headings = (Column("DAY"), Column("CALENDAR"), Column("HOURS"), Column("REASON", least=NARROW))
    say("\n".join(lines(headings, rows, columns())))


def _hours(change: DayChanged) -> str:
    return ", ".join("-".join(span) for span in change.spans) or "closed"
