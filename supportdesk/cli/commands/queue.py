"""`supportdesk queue`: list open tickets, now or at a past time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import click

from supportdesk.cli.context import CliContext, pass_cli_context
from supportdesk.cli.output import count_noun, echo, echo_json, terminal_width
from supportdesk.cli.param_types import IN_ZONE, PAST_EXAMPLES, InstantParam, TypedInstant
from supportdesk.cli.table import NAME_WIDTH, TableColumn, table_lines
from supportdesk.console.queue.clock_cells import state_label
from supportdesk.sla.clocks import ClockKind, ClockStatus, epoch, status_at
from supportdesk.sla.formatting import duration, full_time, near_day
from supportdesk.sla.policy import Policy
from supportdesk.store.read_models import QueueRow
from supportdesk.tickets.direction import Direction
from supportdesk.tickets.mail_alarm import MAIL_UNDELIVERED

COLUMNS = (
    TableColumn("STATE"),
    TableColumn("LEFT", right=True),
    TableColumn("CLOCK"),
    TableColumn("REFERENCE"),
    TableColumn("CUSTOMER", least=NAME_WIDTH),
    TableColumn("SUMMARY", least=2 * NAME_WIDTH),
    TableColumn("OWNER", least=NAME_WIDTH),
)


@click.command()
@click.option("--all", "everything", is_flag=True, help="Include resolved tickets that are not yet closed.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list, one object for each ticket.")
@click.option(
    "--as-of",
    "at",
    type=InstantParam(Direction.PAST),
    help=f"Show the queue as it was at this time, {PAST_EXAMPLES}, {IN_ZONE}.",
)
@pass_cli_context
def queue(context: CliContext, everything: bool, as_json: bool, at: TypedInstant | None) -> None:
    """List open tickets, the most severe and most urgent first."""
    with context.desk_at(at) as desk:
        rows = [row for row in desk.queue().rows if everything or row.is_open]
        now, policies = desk.now(), desk.policies
        zone = desk.policy_at(now).timezone
    if as_json:
        from supportdesk.cli import json_output

        echo_json([json_output.ticket_to_json(row, policies, now) for row in rows])
    else:
        echo("\n".join(queue_lines(rows, policies, zone, now, terminal_width())))


def queue_lines(
    rows: Sequence[QueueRow], policies: Mapping[str, Policy], zone: str, now: datetime, room: int
) -> Iterable[str]:
    """Return the queue as lines, grouped by severity; `room` is in columns, times are in `zone`."""
    as_of = full_time(now, zone)
    if not rows:
        return [f"No open tickets, {as_of}"]
    headings, *lined = table_lines(COLUMNS, [_cells(row, policies[row.policy], now) for row in rows], room)
    resolved = sum(not row.is_open for row in rows)
    among = f", {resolved:,} of them resolved" if resolved else ""
    out = [f"{count_noun(len(rows), 'ticket')}{among}, {as_of}", "", headings]
    group = None
    for row, line in zip(rows, lined, strict=True):
        if row.severity != group:
            group = row.severity
            count = sum(each.severity == group for each in rows)
            out += ["", f"{policies[row.policy].severity(group).name.upper()}  {count}"]
        out.append(line)
    return out


def _cells(row: QueueRow, policy: Policy, now: datetime) -> tuple[str, ...]:
    status = status_at(row.lead, epoch(now), policy.calendar(row.lead.calendar))
    return (
        state_label(status.state, row, out_of_hours=status.out_of_hours, earlier=status.breached_earlier)
        or status.label,
        _timer(status, policy, now),
        _clock_label(row, status),
        row.ref,
        row.organisation,
        f"{MAIL_UNDELIVERED}: {row.summary}" if row.is_undelivered else row.summary,
        "nobody paged" if row.nobody_paged else row.owner_name or "–",
    )


def _timer(status: ClockStatus, policy: Policy, now: datetime) -> str:
    """Return the time left, negative when over; the day of a promised fix; empty where no time was promised."""
    if status.left is not None:
        return duration(status.left)
    if status.due is not None:
        zone = ZoneInfo(policy.timezone)
        return near_day(status.due.astimezone(zone).date(), now.astimezone(zone).date())
    return ""


def _clock_label(row: QueueRow, status: ClockStatus) -> str:
    """Return which clock is shown; of a ticket that is no longer open, its stage."""
    if not row.is_open:
        return row.stage
    return "respond" if status.kind is ClockKind.RESPONSE else "resolve"
