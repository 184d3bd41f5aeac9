"""`supportdesk db`: move a desk to another place, take that back, and say who may do what in its database."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from supportdesk.cli.context import CliContext, pass_cli_context
from supportdesk.cli.errors import BadRequestError, FailureError, UnsettledError, report_errors
from supportdesk.cli.output import count_noun, echo, echo_error, echo_note, sanitize_line
from supportdesk.cli.streams import is_in_terminal
from supportdesk.sla.formatting import sentence

if TYPE_CHECKING:
    from collections.abc import Mapping

    from supportdesk.tickets.documents import Person


@click.group()
def db() -> None:
    """Move a desk to another place, take that back, and say who may do what in its database."""


@db.command()
@click.argument("source", metavar="SOURCE")
@click.argument("target", metavar="TARGET")
@pass_cli_context
def copy(context: CliContext, source: str, target: str) -> None:
    """Move the desk at SOURCE to TARGET, while consoles work on it.

    Each is a path or a URL, as for --db; there must be no desk at TARGET yet. The ledger is copied with its hashes up
    to the present, then what came since. Then nobody can write for some seconds: the rest is copied, and SOURCE says
    to every console and command where it has moved. Both are verified.

    Who was erased after SOURCE was made, where it is a backup, is back with it: erase them again.

    If anything fails before that, SOURCE goes on as if nothing had happened. Run the same command again: it continues
    with what is at TARGET.

    Where a server goes away at the end, it is waited for. If it stays away for some minutes, the exit code is 75: the
    move may have to be finished, which the same command does.
    """
    from contextlib import closing

    from supportdesk.store.database import open_database
    from supportdesk.store.exchange.desk_move import move_desk
    from supportdesk.store.exchange.lost_database import UnsettledMoveError

    with report_errors(), closing(open_database(source)) as database:
        try:
            result = move_desk(
                database, target, now=context.clock.now(), report=lambda step: echo_note(f"{step} ...")
            )
        except UnsettledMoveError as error:
            raise UnsettledError(str(error)) from error
        old = database.location
    for name, found in ((old, result.source), (result.place, result.target)):
        for finding in found.findings:
            echo_error(f"{name}: {finding}.")
        state = "intact" if found.is_intact else "NOT intact"
        echo(
            f"{name} is {state}: {count_noun(found.events, 'event')}, {count_noun(found.tickets, 'ticket')}."
        )
    if not (result.source.is_intact and result.target.is_intact):
        raise FailureError("The desk has moved; run `supportdesk verify` on both.")
    if result.locked is not None:
        echo(f"Nobody could write for {result.locked:.1f} s.")
    echo(f"The desk is at {result.place} now: set SUPPORTDESK_DB, and start consoles and watchers again.")
    for contact in result.returned:
        echo(contact.advice)
    echo(f"Last event {result.target.point}")


@db.command()
@click.argument("address", metavar="ADDRESS")
@click.option(
    "--leave-both-open",
    is_flag=True,
    help="Also where the desk is open at its new place, or cannot be looked at there.",
)
@click.option("--yes", is_flag=True, help="Do not ask.")
@pass_cli_context
def reopen(context: CliContext, address: str, leave_both_open: bool, yes: bool) -> None:
    """Take back a move: the desk at ADDRESS, which says that it has moved, goes on there.

    What was written at the new place since stays there only. So it is refused while the desk is open at its new place,
    or cannot be looked at there: two open desks give the same references to different tickets. It is an event of the
    ledger. Administrators may do it.
    """
    from contextlib import closing

    from supportdesk.store.database import open_database
    from supportdesk.store.exchange.reopening import look_at_move, take_back_move

    with report_errors(), closing(open_database(address)) as database:
        moved = look_at_move(database)
        operator = _require_administrator(context, moved.staff)
        if moved.obstacle and not leave_both_open:
            raise BadRequestError(
                f"{sentence(moved.obstacle)} Two open desks give the same references to different tickets: if nobody"
                " goes on there, give --leave-both-open."
            )
        if not yes:
            _confirm(f"Open {database.location} again? What was written at {moved.place} is not on it.")
        take_back_move(database, moved, by=operator, now=context.clock.now())
        echo(f"{database.location} is open again. Use no other copy of it, such as {moved.place}.")


def _require_administrator(context: CliContext, staff: Mapping[str, Person]) -> str:
    """Return the operator's username. Raises BadRequestError where they are no administrator of the desk."""
    from supportdesk.tickets.documents import Role
    from supportdesk.tickets.permissions import name_permitted

    person = staff.get(context.username)
    if person is None or not person.active or Role.ADMINISTRATOR not in person.roles:
        allowed = name_permitted({Role.ADMINISTRATOR}, staff.values())
        raise BadRequestError(f"Only {allowed} may open the desk again; {context.username} may not.")
    return person.username


def _confirm(question: str) -> None:
    """Ask a question. Raises BadRequestError without a terminal, and where the answer is no."""
    if not is_in_terminal():
        raise BadRequestError(f"{question} To do so, run this again with --yes.")
    if not click.confirm(sanitize_line(question), default=False):
        raise BadRequestError("The desk stays closed.")


@db.command()
@click.option("--apply", is_flag=True, help="Carry the statements out: all of them or none.")
@pass_cli_context
def roles(context: CliContext, apply: bool) -> None:
    """Print the rights of each role in a PostgreSQL database, as SQL, or give them.

    Each member of staff has a login of their username, which can write in their name only; who has left can log in no
    more. How they prove who they are is for pg_hba.conf to say. The watcher has a login of its own with the role
    supportdesk_watcher. Nobody but the owner of the tables can change what was written, or erase a contact, and what
    is reserved to supervisors or administrators, the server refuses to everybody else. Run it again after changes of
    the staff.
    """
    with context.desk() as desk:
        staff = desk.roster().staff
    with context.database() as database:
        if apply:
            database.apply_grants(staff)
            echo(f"{count_noun(len(staff), 'login')} and the roles of {database.location} are up to date.")
        else:
            for statement in database.list_grants(staff):
                echo(statement)
