"""`supportdesk rota`: set and show who is on call."""

from __future__ import annotations

import click

from supportdesk.cli import lookup
from supportdesk.cli.context import CliContext, pass_cli_context
from supportdesk.cli.output import echo
from supportdesk.cli.param_types import InstantParam, TypedInstant
from supportdesk.cli.records import save_record
from supportdesk.cli.shell_complete import complete_from_desk
from supportdesk.desk_api import DeskReader
from supportdesk.sla.formatting import full_time
from supportdesk.tickets.direction import Direction
from supportdesk.tickets.documents import Rotation
from supportdesk.tickets.records.commands import SaveRotation
from supportdesk.tickets.rota.data import RotaData
from supportdesk.tickets.rota.duty import Duty, duty, find_duty_gaps


@click.group()
def rota() -> None:
    """Set and show who is on call, week by week."""


@rota.command("set")
@click.argument(
    "members", metavar="USERNAME...", nargs=-1, required=True, shell_complete=complete_from_desk("person")
)
@click.option(
    "--from",
    "start",
    type=InstantParam(Direction.FUTURE),
    required=True,
    help="When the first of them takes over, such as mon 8:00, tomorrow 9:00 or 2026-11-23T08:00; each week the next"
    " takes over at that time.",
)
@pass_cli_context
def set_(context: CliContext, members: tuple[str, ...], start: TypedInstant) -> None:
    """Put these people on call in turn, a week each.

    The current rotation stays in force until this one starts.
    """

    def make(desk: DeskReader) -> SaveRotation:
        zone = desk.policy_at(desk.now()).timezone
        in_turn = tuple(lookup.find_person(desk, member) for member in members)
        return SaveRotation(Rotation(in_turn, start.resolve(desk), zone))

    save_record(context, make)
    _echo_rota(context)


@rota.command()
@click.argument("start", type=InstantParam(Direction.FUTURE))
@pass_cli_context
def cancel(context: CliContext, start: TypedInstant) -> None:
    """Cancel the rotation planned to start at START; the current one continues."""

    def make(desk: DeskReader) -> SaveRotation:
        zone = desk.policy_at(desk.now()).timezone
        return SaveRotation(Rotation((), start.resolve(desk), zone))

    cancelled = save_record(context, make).rotation
    echo(f"The rotation planned for {full_time(cancelled.starts, cancelled.timezone)} is cancelled.")
    _echo_rota(context)


@rota.command()
@pass_cli_context
def show(context: CliContext) -> None:
    """Show who is on call and until when, planned rotations and times without cover."""
    _echo_rota(context)


def _echo_rota(context: CliContext) -> None:
    with context.desk() as desk:
        data, now = desk.roster().reference_data, desk.now()
        zone = desk.policy_at(now).timezone
    echo(on_call_sentence(duty(data, now), zone))
    for rotation in data.rotations:
        if rotation.starts > now and rotation.members:
            names = ", ".join(display_name(data, username) for username in rotation.members)
            echo(f"From {full_time(rotation.starts, zone)} in turn: {names}.")
    for gap in find_duty_gaps(data, now):
        if gap.began is not None and gap.began > now:
            echo(f"{gap_sentence(data, gap, zone)}.")


def on_call_sentence(on_duty: Duty, zone: str) -> str:
    """Return a sentence with who is on call now, or who is paged instead."""
    person, rung = on_duty.person, on_duty.rung
    reach = f" on {person.telephone}" if person is not None and person.telephone else ""
    if person is not None and rung is None:
        until = f" until {full_time(on_duty.ends, zone)}" if on_duty.ends is not None else ""
        return f"{person.name} is on call{until}{reach}."
    begins = f" until {full_time(on_duty.ends, zone)}" if on_duty.ends is not None else ""
    page = (
        f"goes to {person.name}, {rung.name}{reach}" if person is not None and rung else "would reach nobody"
    )
    return f"Nobody is on call now. A page {page}{begins}."


def gap_sentence(data: RotaData, gap: Duty, zone: str) -> str:
    """Return when nobody will be on call, why, and where a page goes, without a full stop."""
    began = f" from {full_time(gap.began, zone)}" if gap.began is not None else " from now"
    ends = f" to {full_time(gap.ends, zone)}" if gap.ends is not None else " on"
    left = f", as {data.staff[gap.left].name} has left" if gap.left in data.staff else ""
    paged = (
        f"a page goes to {gap.person.name}, {gap.rung.name}"
        if gap.person and gap.rung
        else "a page reaches nobody"
    )
    return f"Nobody is on call{began}{ends}{left}; {paged}"


def display_name(data: RotaData, username: str) -> str:
    """Return the name of a member of staff, and whether they have left; the username if they are unknown."""
    person = data.staff.get(username)
    if person is None:
        return username
    return person.name if person.active else f"{person.name} (has left)"
