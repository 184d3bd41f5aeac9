"""`supportdesk rota`: set and show who is on call."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import click

from supportdesk.cli import lookup, rota_changes, rota_figures
from supportdesk.cli.context import CliContext, pass_cli_context
from supportdesk.cli.errors import FAILURE
from supportdesk.cli.output import echo, echo_json, terminal_width
from supportdesk.cli.param_types import DayParam, InstantParam, TypedDay, TypedInstant
from supportdesk.cli.records import save_record
from supportdesk.cli.rota_json import gap_to_json, rota_to_json
from supportdesk.cli.rota_options import (
    NamedDay,
    NamedDayParam,
    TurnLength,
    TurnLengthParam,
    despite_gap_option,
    line_option,
)
from supportdesk.cli.rota_text import (
    absence_sentence,
    display_name,
    duty_line,
    gap_sentences,
    on_call_sentence,
    override_sentence,
    reason_text,
    rotation_sentence,
    swap_sentence,
)
from supportdesk.cli.shell_complete import complete_from_desk
from supportdesk.cli.table import NAME_WIDTH, TableColumn, table_lines
from supportdesk.desk_api import DeskReader
from supportdesk.sla.formatting import full_time
from supportdesk.tickets.direction import Direction
from supportdesk.tickets.documents import Line, Membership, Rotation, SwapState, TurnUnit
from supportdesk.tickets.records.commands import SaveRotation
from supportdesk.tickets.rota.data import RotaData
from supportdesk.tickets.rota.duty import duty, find_duty_gaps
from supportdesk.tickets.rota.gap_text import uncovered_sentence
from supportdesk.tickets.rota.gaps import GAP_NOTICE, find_gaps
from supportdesk.tickets.rota.layers import lines_in_use
from supportdesk.tickets.rota.timeline import timeline

_WEEKS = 4
"""The weeks that are shown where none are given."""
layer_option = click.option(
    "--layer",
    type=click.IntRange(min=0),
    default=0,
    help="0 is the base; a higher layer has the shifts it covers.",
)


@click.group()
def rota() -> None:
    """Set and show who is on call."""


for command in (*rota_changes.COMMANDS, *rota_figures.COMMANDS):
    rota.add_command(command)


@rota.command("set")
@click.argument(
    "members", metavar="USERNAME...", nargs=-1, required=True, shell_complete=complete_from_desk("person")
)
@click.option(
    "--from",
    "start",
    type=InstantParam(Direction.FUTURE),
    required=True,
    help="When the first of them takes over, such as mon 8:00, tomorrow 9:00 or 2026-11-23T08:00; the next ones take"
    " over at that time of day.",
)
@click.option(
    "--every",
    type=TurnLengthParam(),
    metavar="LENGTH",
    default=TurnLength(1, TurnUnit.WEEKS),
    help="The length of a turn, such as 12 h, 1 day or 2 weeks; a week by default.",
)
@click.option(
    "--until", "end", type=InstantParam(Direction.FUTURE), help="When the rotation ends; never by default."
)
@click.option(
    "--joins",
    type=NamedDayParam(),
    multiple=True,
    metavar="USERNAME=DAY",
    help="From which day one of them takes turns. Repeat for each.",
)
@click.option(
    "--leaves",
    type=NamedDayParam(),
    multiple=True,
    metavar="USERNAME=DAY",
    help="From which day one of them takes no more turns. Repeat for each.",
)
@line_option
@layer_option
@despite_gap_option
@pass_cli_context
def set_(
    context: CliContext,
    /,
    members: tuple[str, ...],
    start: TypedInstant,
    line: Line,
    layer: int,
    **details: Any,
) -> None:
    """Put these people on call in turn, a week each unless --every says otherwise.

    The current rotation stays in force until this one starts.
    """

    def make(desk: DeskReader) -> SaveRotation:
        length: TurnLength = details["every"]
        end: TypedInstant | None = details["end"]
        rotation = Rotation(
            tuple(lookup.find_person(desk, member) for member in members),
            start.resolve(desk),
            desk.policy_at(desk.now()).timezone,
            line,
            layer,
            length.unit,
            length.every,
            end.resolve(desk) if end is not None else None,
            _memberships(desk, details["joins"], details["leaves"]),
        )
        return SaveRotation(rotation, despite_gap=details["despite_gap"])

    save_record(context, make)
    _echo_rota(context)


def _memberships(
    desk: DeskReader, joins: tuple[NamedDay, ...], leaves: tuple[NamedDay, ...]
) -> tuple[Membership, ...]:
    joining = {lookup.find_person(desk, each.name): each.day.resolve(desk) for each in joins}
    leaving = {lookup.find_person(desk, each.name): each.day.resolve(desk) for each in leaves}
    return tuple(
        Membership(username, joining.get(username), leaving.get(username))
        for username in dict.fromkeys((*joining, *leaving))
    )


@rota.command()
@click.argument("start", type=InstantParam(Direction.FUTURE))
@line_option
@layer_option
@despite_gap_option
@pass_cli_context
def cancel(context: CliContext, start: TypedInstant, line: Line, layer: int, despite_gap: bool) -> None:
    """Cancel the rotation planned to start at START.

    The current one continues.
    """

    def make(desk: DeskReader) -> SaveRotation:
        zone = desk.policy_at(desk.now()).timezone
        return SaveRotation(Rotation((), start.resolve(desk), zone, line, layer), despite_gap=despite_gap)

    cancelled = save_record(context, make).rotation
    echo(f"The rotation planned for {full_time(cancelled.starts, cancelled.timezone)} is cancelled.")
    _echo_rota(context)


@rota.command()
@click.option("--from", "first", type=DayParam(), metavar="DAY", help="The first day; today by default.")
@click.option("--weeks", type=click.IntRange(1, 520), help=f"How many weeks; {_WEEKS} by default.")
@click.option("--at", type=InstantParam(), metavar="TIME", help="Show who is on call at this time.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object.")
@pass_cli_context
def show(
    context: CliContext, first: TypedDay | None, weeks: int | None, at: TypedInstant | None, as_json: bool
) -> None:
    """Show who is on call, what is planned, and gaps in the cover.

    With --from or --weeks, list the shifts.
    """
    with context.desk() as desk:
        data, now = desk.roster().reference_data, desk.now()
        zone = desk.policy_at(now).timezone
        moment = at.resolve(desk) if at is not None else now
        start = _midnight(first.resolve(desk), zone) if first is not None else moment
    end = start + timedelta(weeks=weeks or _WEEKS)
    if as_json:
        echo_json(rota_to_json(data, moment, start, end))
    elif first is not None or weeks is not None:
        echo("\n".join(_shift_lines(data, start, end, zone)))
    elif at is not None:
        for line in lines_in_use(data.rotations):
            echo(duty_line(data, duty(data, moment, line), line, zone))
    else:
        _echo_rota(context)


def _midnight(day: Any, zone: str) -> datetime:
    from datetime import UTC, time
    from zoneinfo import ZoneInfo

    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)


def _shift_lines(data: RotaData, start: datetime, end: datetime, zone: str) -> list[str]:
    """Return the shifts and the gaps between two instants as a table."""
    columns = (
        TableColumn("LINE"),
        TableColumn("FROM"),
        TableColumn("TO"),
        TableColumn("ON CALL", least=NAME_WIDTH),
        TableColumn("WHY", least=NAME_WIDTH),
    )
    rows = [
        (
            each.line,
            each.start,
            each.end,
            display_name(data, each.person),
            _why(data, each.reason, each.instead_of),
        )
        for each in timeline(data, start, end)
    ]
    rows += [
        (each.line, each.start, each.end, "nobody", each.cause.value)
        for each in find_gaps(data, start, end)
        if each.cause.value != "no address"
    ]
    rows.sort(key=lambda row: (list(Line).index(row[0]), row[1]))
    cells = [(row[0].value, full_time(row[1], zone), full_time(row[2], zone), *row[3:]) for row in rows]
    return table_lines(columns, cells, terminal_width())


def _why(data: RotaData, reason: Any, instead_of: str) -> str:
    return reason_text(data, reason, instead_of) or str(reason)


@rota.command()
@click.option(
    "--weeks",
    type=click.IntRange(1, 520),
    help=f"How many weeks from now; {GAP_NOTICE.days // 7} by default.",
)
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list.")
@click.pass_context
@pass_cli_context
def gaps(context: CliContext, ctx: click.Context, /, weeks: int | None, as_json: bool) -> None:
    """Show when nobody will be on call who can be reached. The exit code is 1 if there is such a time."""
    with context.desk() as desk:
        data, now = desk.roster().reference_data, desk.now()
        zone = desk.policy_at(now).timezone
    end = now + (timedelta(weeks=weeks) if weeks is not None else GAP_NOTICE)
    found = find_gaps(data, now, end)
    if as_json:
        echo_json([gap_to_json(gap) for gap in found])
    elif not found:
        echo(f"There is no gap until {full_time(end, zone)}.")
    else:
        for gap in found:
            echo(f"{uncovered_sentence(data, gap, zone)}.")
    if found:
        ctx.exit(FAILURE)


def _echo_rota(context: CliContext) -> None:
    with context.desk() as desk:
        data, now = desk.roster().reference_data, desk.now()
        zone = desk.policy_at(now).timezone
    echo(on_call_sentence(duty(data, now), zone))
    for line in lines_in_use(data.rotations)[1:]:
        echo(duty_line(data, duty(data, now, line), line, zone))
    for _, sentence in sorted(_upcoming(data, now, zone), key=lambda each: each[0]):
        echo(sentence)


def _upcoming(data: RotaData, now: datetime, zone: str) -> Iterator[tuple[datetime, str]]:
    """Yield a sentence, with its start, for everything in the rota that is not over, and is not the present shift."""
    for rotation in data.rotations:
        if rotation.starts > now and rotation.members:
            yield rotation.starts, rotation_sentence(data, rotation, zone)
    for override in data.overrides:
        if max(override.start, now) < override.end:
            yield override.start, override_sentence(data, override, zone)
    for swap in data.swaps:
        if swap.state in (SwapState.OFFERED, SwapState.ACCEPTED) and swap.start > now:
            yield swap.start, swap_sentence(data, swap, zone)
    for absence in data.absences:
        if max(absence.start, now) < absence.end:
            yield absence.start, absence_sentence(data, absence, zone)
    later = [
        (gap.began, gap) for gap in find_duty_gaps(data, now) if gap.began is not None and gap.began > now
    ]
    sentences = gap_sentences(data, [gap for _, gap in later], zone, now)
    yield from ((began, f"{sentence}.") for (began, _), sentence in zip(later, sentences, strict=False))
