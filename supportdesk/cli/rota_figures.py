"""`supportdesk rota hours` and `ics`: what is made from the rota for others."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from typing import Any

import click

from supportdesk.cli import lookup
from supportdesk.cli.context import CliContext, pass_cli_context
from supportdesk.cli.csv_cells import month_cell, text_cell
from supportdesk.cli.errors import FailureError
from supportdesk.cli.output import echo, echo_json, terminal_width
from supportdesk.cli.param_types import MonthParam
from supportdesk.cli.report_month import find_report_month
from supportdesk.cli.rota_text import display_name
from supportdesk.cli.shell_complete import complete_from_desk
from supportdesk.cli.table import NAME_WIDTH, TableColumn, table_lines
from supportdesk.reports.on_call_hours import ASLEEP_AGAIN, OnCallHours, bank_holidays, compute_on_call_hours
from supportdesk.reports.periods import Period, month_name
from supportdesk.sla.clocks import instant
from supportdesk.sla.formatting import exact_duration
from supportdesk.tickets.rota.data import RotaData

_COLUMNS = (
    TableColumn("PERSON", least=NAME_WIDTH),
    *(TableColumn(each, right=True) for each in ("ON CALL", "FIRST", "SECOND", "NIGHTS", "BANK HOLIDAYS")),
    *(TableColumn(each, right=True) for each in ("PAGES", "WOKEN")),
)
_WEEKS = 26
_MONTHS_AHEAD = 12
_CSV = (
    "month",
    "username",
    "name",
    "on_call_seconds",
    "first_line_seconds",
    "second_line_seconds",
    "night_seconds",
    "bank_holiday_seconds",
    "pages",
    "times_woken",
)


@click.command()
@click.option(
    "--month", "wanted", type=MonthParam(), metavar="YYYY-MM", help="The month; this month by default."
)
@click.option("--json", "form", flag_value="json", help="Print a JSON object.")
@click.option("--csv", "form", flag_value="csv", help="Print CSV for a spreadsheet.")
@pass_cli_context
def hours(context: CliContext, wanted: date | None, form: str | None) -> None:
    """Show each person's hours on call in a month: nights (23:00 to 06:00), bank holidays, pages and times woken.

    The sums are those of the timeline. Of this month, the hours up to now count; of a coming one, what is planned.
    """
    with context.desk() as desk:
        now = desk.now()
        zone = desk.policy_at(now).timezone
        asked = find_report_month(desk, wanted, months_ahead=_MONTHS_AHEAD)
        is_planned = instant(asked.start) > now
        data = desk.roster().reference_data
        found = compute_on_call_hours(
            data,
            asked,
            zone,
            holidays=bank_holidays(desk.policy_at(instant(asked.start))),
            pages=desk.pages_sent(instant(asked.start) - ASLEEP_AGAIN, instant(asked.end)),
            until=None if is_planned else now,
        )
    if form == "json":
        echo_json(
            {
                "month": month_cell(asked),
                "planned": is_planned,
                "people": [_to_json(data, each) for each in found],
            }
        )
    elif form == "csv":
        echo(_to_csv(data, asked, found))
    else:
        rows = [_cells(display_name(data, each.person), each) for each in (*found, _sum(found))]
        if not found:
            echo(f"Nobody {'is' if is_planned else 'was'} on call in {month_name(asked)}.")
            return
        rows[-1] = ("all", *rows[-1][1:])
        title = f"{month_name(asked)}{', as planned' if is_planned else ''}"
        echo("\n".join([title, "", *table_lines(_COLUMNS, rows, terminal_width())]))


def _sum(found: tuple[OnCallHours, ...]) -> OnCallHours:
    names = [name for name in OnCallHours.__struct_fields__ if name != "person"]
    return OnCallHours("", **{name: sum(getattr(each, name) for each in found) for name in names})


def _figures(each: OnCallHours) -> tuple[int, ...]:
    return each.on_call, each.first, each.second, each.night, each.holiday


def _cells(name: str, each: OnCallHours) -> tuple[str, ...]:
    return (name, *map(exact_duration, _figures(each)), f"{each.pages:,}", f"{each.woken:,}")


def _to_json(data: RotaData, each: OnCallHours) -> dict[str, Any]:
    return dict(zip(_CSV[1:], _values(data, each), strict=True))


def _values(data: RotaData, each: OnCallHours) -> tuple[str | int, ...]:
    person = data.staff.get(each.person)
    name = person.name if person is not None else each.person
    return (each.person, name, *_figures(each), each.pages, each.woken)


def _to_csv(data: RotaData, asked: Period, found: tuple[OnCallHours, ...]) -> str:
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(_CSV)
    for each in found:
        values = (text_cell(value) if isinstance(value, str) else value for value in _values(data, each))
        writer.writerow((month_cell(asked), *values))
    return written.getvalue().removesuffix("\n")


@click.command()
@click.argument("username", shell_complete=complete_from_desk("person"))
@click.option(
    "--weeks", type=click.IntRange(1, 520), default=_WEEKS, show_default=True, help="How many weeks ahead."
)
@pass_cli_context
def ics(context: CliContext, username: str, weeks: int) -> None:
    """Print the shifts of USERNAME, from four weeks ago on, as a calendar file (iCalendar)."""
    try:
        from supportdesk.reports.shift_calendar import make_shift_calendar
    except ImportError as error:
        raise FailureError("Calendar files need icalendar: pip install 'supportdesk[calendar]'.") from error
    with context.desk() as desk:
        data, now = desk.roster().reference_data, desk.now()
        person = lookup.find_person(desk, username)
    made = make_shift_calendar(data, person, now - timedelta(weeks=4), now + timedelta(weeks=weeks), now)
    click.echo(made, nl=False)


COMMANDS = (hours, ics)
"""The commands of the group `rota` in this module."""
