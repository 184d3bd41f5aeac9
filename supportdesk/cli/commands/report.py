"""`supportdesk report`: monthly figures as text, JSON or CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date
from typing import Any

import click
import msgspec

from supportdesk.cli.context import CliContext, pass_cli_context
from supportdesk.cli.csv_cells import month_cell, text_cell
from supportdesk.cli.output import echo, echo_json, terminal_width
from supportdesk.cli.param_types import MonthParam
from supportdesk.cli.report_month import find_report_month
from supportdesk.cli.table import TableColumn, table_lines
from supportdesk.reports.attainment import Attainment, MonthAttainment, compute_attainment
from supportdesk.reports.outcomes import TargetOutcome, list_promises
from supportdesk.reports.periods import month_at, month_name
from supportdesk.sla.clocks import ClockKind, epoch, instant

_COLUMNS = (
    TableColumn("severity"),
    TableColumn("clock"),
    TableColumn("met", right=True),
    TableColumn("missed", right=True),
    TableColumn("running", right=True),
    TableColumn("attained", right=True),
    TableColumn("target", right=True),
)


class ReportRow(msgspec.Struct, frozen=True):
    """One line of the report: a severity and clock, or all of them."""

    severity: str
    clock: str
    attained: Attainment


@click.group()
def report() -> None:
    """Report monthly figures."""


@report.command("attainment")
@click.option(
    "--month", "wanted", type=MonthParam(), metavar="YYYY-MM", help="The month; this month by default."
)
@click.option("--json", "form", flag_value="json", help="Print a JSON object.")
@click.option("--csv", "form", flag_value="csv", help="Print CSV for a spreadsheet.")
@pass_cli_context
def attainment_(context: CliContext, wanted: date | None, form: str | None) -> None:
    """Report attainment by severity and clock, with the target.

    A target counts for the month in which it was met or missed, whichever came first.
    """
    found = _load_attainment(context, wanted)
    if form == "json":
        echo_json({"month": month_cell(found.month), "promises": [_row_to_json(row) for row in _rows(found)]})
    elif form == "csv":
        echo(_to_csv(found))
    else:
        echo(
            "\n".join(
                [
                    month_name(found.month),
                    "",
                    *table_lines(_COLUMNS, list(map(_cells, _rows(found))), terminal_width()),
                ]
            )
        )


def _load_attainment(context: CliContext, wanted: date | None) -> MonthAttainment:
    with context.desk_to_read() as desk:
        now = desk.now()
        asked = find_report_month(desk, wanted)
        is_present = asked == month_at(now, desk.policy_at(now).timezone)
        promises = list_promises(desk.history(instant(asked.start)), desk.policies, epoch(now))
        policy = desk.policy_at(instant(min(epoch(now), asked.end - 1)))
        # Clocks that run now do not count for a month that is over.
        counting = (each for each in promises if is_present or each.outcome is not TargetOutcome.RUNNING)
        return compute_attainment(counting, policy, asked)


def _rows(found: MonthAttainment) -> Iterator[ReportRow]:
    for severity in found.severities:
        yield ReportRow(severity.name, ClockKind.RESPONSE.value, severity.response)
        yield ReportRow(severity.name, ClockKind.RESOLUTION.value, severity.resolution)
    yield ReportRow("all", "both", found.overall)


def _cells(row: ReportRow) -> tuple[str, ...]:
    attained = row.attained
    share = f"{attained.percent} %" if attained.percent is not None else "–"
    counts = (attained.met.value, attained.missed.value, attained.running.value)
    return (row.severity, row.clock, *(f"{count:,}" for count in counts), share, f"{attained.target} %")


def _row_to_json(row: ReportRow) -> dict[str, Any]:
    attained = row.attained
    return {
        "severity": row.severity,
        "clock": row.clock,
        "kept": attained.met.value,
        "broken": attained.missed.value,
        "running": attained.running.value,
        "percent": attained.percent,
        "target_percent": attained.target,
        "broken_tickets": list(attained.missed.refs),
    }


def _to_csv(found: MonthAttainment) -> str:
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(("month", "severity", "clock", "kept", "broken", "running", "percent", "target_percent"))
    for row in _rows(found):
        attained = row.attained
        writer.writerow(
            (
                month_cell(found.month),
                text_cell(row.severity),
                row.clock,
                attained.met.value,
                attained.missed.value,
                attained.running.value,
                "" if attained.percent is None else attained.percent,
                attained.target,
            )
        )
    return written.getvalue().removesuffix("\n")
