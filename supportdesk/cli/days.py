"""`supportdesk day`: single days on which the office keeps other hours than its calendar says."""

from __future__ import annotations

import re
from datetime import date

import click
import msgspec

from supportdesk.cli.faults import BadRequestError
from supportdesk.cli.keeping import Decorator, as_json, keep, options
from supportdesk.cli.kinds import Day
from supportdesk.cli.output import columns, say, say_json
from supportdesk.cli.session import Session, pass_session
from supportdesk.cli.table import NARROW, Column, lines
from supportdesk.tickets.records import ChangeDay, DayChanged

_SPAN = re.compile(r"(\d{2}:\d{2})-(\d{2}:\d{2})")

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
def close(session: Session, day: date, calendar: str, reason: str) -> None:
    """Declare a day closed. Running clocks move, and every ticket says so."""
    keep(session, lambda door: ChangeDay(calendar, day, (), reason))
    say(f"The {calendar} is closed on {day:%d %b %Y}.")


@day.command("open")
@which
@click.option("--hours", multiple=True, required=True, metavar="HH:MM-HH:MM", help="Once for each span.")
@pass_session
def open_(session: Session, day: date, calendar: str, reason: str, hours: tuple[str, ...]) -> None:
    """Declare a day's hours, in place of those that the calendar gives it."""
    spans = tuple(_span(each) for each in hours)
    keep(session, lambda door: ChangeDay(calendar, day, spans, reason))
    say(f"The {calendar} is open on {day:%d %b %Y}, {', '.join('-'.join(span) for span in spans)}.")


def _span(text: str) -> tuple[str, str]:
    found = _SPAN.fullmatch(text.strip())
    if found is None:
        raise BadRequestError(f"{text!r} is no span; write 09:00-12:30.")
    return found[1], found[2]


@day.command("list")
@as_json
@pass_session
def list_(session: Session, as_json: bool) -> None:
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
