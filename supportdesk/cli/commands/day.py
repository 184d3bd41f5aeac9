"""`supportdesk day`: single days with other opening hours than the calendar's."""

from __future__ import annotations

import click
import msgspec

from supportdesk.cli.context import CliContext, pass_cli_context
from supportdesk.cli.errors import BadRequestError
from supportdesk.cli.output import echo, echo_json, terminal_width
from supportdesk.cli.param_types import DayParam, TypedDay
from supportdesk.cli.records import Decorator, as_json, combine_options, plain_line, save_record
from supportdesk.cli.table import NAME_WIDTH, TableColumn, table_lines
from supportdesk.sla.formatting import full_day
from supportdesk.tickets.records.commands import ChangeDay
from supportdesk.tickets.records.events import DayChanged
from supportdesk.tickets.time_input import parse_time_of_day
from supportdesk.tickets.typed_text import TimeInputError, plain_words, quoted

day_options: Decorator = combine_options(
    click.argument("day", type=DayParam()),
    click.option("--calendar", default="office", show_default=True, help="A calendar of the policy."),
    click.option(
        "--reason", required=True, help="The reason, recorded on every ticket whose due time moves."
    ),
)


@click.group()
def day() -> None:
    """Close single days, or give them other opening hours."""


@day.command()
@day_options
@pass_cli_context
def close(context: CliContext, day: TypedDay, calendar: str, reason: str) -> None:
    """Close a day. Due times move, and every affected ticket records it."""
    change = save_record(context, lambda desk: ChangeDay(calendar, day.resolve(desk), (), plain_line(reason)))
    echo(f"The {calendar} is closed on {full_day(change.day)}.")


@day.command("open")
@day_options
@click.option(
    "--hours",
    multiple=True,
    required=True,
    metavar="HH:MM-HH:MM",
    help="Opening hours; repeat for each span.",
)
@pass_cli_context
def open_(context: CliContext, day: TypedDay, calendar: str, reason: str, hours: tuple[str, ...]) -> None:
    """Set the opening hours of a day in place of the calendar's."""
    spans = tuple(_span(each) for each in hours)
    change = save_record(
        context, lambda desk: ChangeDay(calendar, day.resolve(desk), spans, plain_line(reason))
    )
    echo(f"The {calendar} is open on {full_day(change.day)}, {', '.join(map(_span_text, spans))}.")


def _span_text(span: tuple[str, str]) -> str:
    opens, closes = span
    return f"{opens}-{closes}{' the next day' if closes <= opens else ''}"


def _span(text: str) -> tuple[str, str]:
    try:
        opens, dash, closes = plain_words(text).partition("-")
        if not dash:
            raise TimeInputError(f"{quoted(text)} has no end")
        return parse_time_of_day(opens), parse_time_of_day(closes)
    except TimeInputError as error:
        raise BadRequestError(f"{error}. Give hours such as 9:00-12:30.") from error


@day.command("list")
@as_json
@pass_cli_context
def list_(context: CliContext, as_json: bool) -> None:
    """List days that were closed or given other hours, the latest last."""
    with context.desk() as desk:
        changed = desk.changed_days()
    if as_json:
        echo_json([msgspec.to_builtins(each) for each in changed])
        return
    if not changed:
        echo("No day was closed or given other hours.")
        return
    rows = [(each.day.isoformat(), each.calendar, _hours(each), each.reason) for each in changed]
    headings = (
        TableColumn("DAY"),
        TableColumn("CALENDAR"),
        TableColumn("HOURS"),
        TableColumn("REASON", least=NAME_WIDTH),
    )
    echo("\n".join(table_lines(headings, rows, terminal_width())))


def _hours(change: DayChanged) -> str:
    return ", ".join("-".join(span) for span in change.spans) or "closed"
