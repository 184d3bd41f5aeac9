"""`supportdesk rota`: who is on call."""

from __future__ import annotations

import click

from supportdesk.cli import keys
from supportdesk.cli.completing import known
from supportdesk.cli.keeping import keep
from supportdesk.cli.kinds import Instant, TypedInstant
from supportdesk.cli.output import say
from supportdesk.cli.session import Session, pass_session
from supportdesk.door import Door
from supportdesk.sla.words import full_time
from supportdesk.tickets.people import Rotation
from supportdesk.tickets.records import KeepRotation
from supportdesk.tickets.time_input import Direction


@click.group()
def rota() -> None:
    """Who is on call, week by week."""


@rota.command("set")
@click.argument("members", metavar="USERNAME...", nargs=-1, required=True, shell_complete=known("person"))
@click.option(
    "--from",
    "start",
    type=Instant(Direction.FUTURE),
    required=True,
    help="When the first of them takes over, such as mon 8:00, tomorrow 9:00 or 2026-11-23T08:00; the next hands over"
    " at that time each week.",
)
@pass_session
def set_(session: Session, members: tuple[str, ...], start: TypedInstant) -> None:
    """Let these people be on call in turn, a week each."""

    def make(door: Door) -> KeepRotation:
        zone = door.policy_at(door.now()).timezone
        in_turn = tuple(keys.person(door, member) for member in members)
        return KeepRotation(Rotation(in_turn, start.on(door), zone))

    keep(session, make)
    _tell(session)


@rota.command()
@pass_session
def show(session: Session) -> None:
    """Who is on call now, and until when."""
    _tell(session)


def _tell(session: Session) -> None:
    with session.desk() as door:
        shift, zone = door.roster().on_call, door.policy_at(door.now()).timezone
        person = door.person(shift.username) if shift else None
    if shift is None or person is None:
        say("Nobody is on call now.")
        return
    reach = f" on {person.telephone}" if person.telephone else ""
    say(f"{person.name} is on call until {full_time(shift.ends, zone)}{reach}.")
