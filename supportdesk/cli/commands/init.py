"""`supportdesk init`: a new desk, or an older one brought on."""

from __future__ import annotations

import click

from supportdesk.cli import desk_address
from supportdesk.cli.context import CliContext, full_name, pass_session
from supportdesk.cli.default_policy import built_in
from supportdesk.cli.errors import FailureError, report_errors
from supportdesk.cli.output import say
from supportdesk.cli.refusal_text import in_commands
from supportdesk.desk_api import DeskApi
from supportdesk.tickets.command import Command, Refusal
from supportdesk.tickets.documents import Person, Role
from supportdesk.tickets.records.commands import InstallPolicy, KeepPerson

NEXT = """
Next:
  supportdesk organisation add "Acme Ltd"             take customers in
  supportdesk contact add "Jo Park" --organisation "Acme Ltd" --super-user
  supportdesk staff add USERNAME --name NAME --team TEAM --role agent
  supportdesk rota set USERNAME... --from INSTANT     say who is on call
  supportdesk                                         open the console"""


@click.command()
@pass_session
def init(session: CliContext) -> None:
    """Make a desk, or bring an older one on.

    A new desk has the policy that comes with the program, and you as a supervisor and administrator. A desk made by an
    older version is brought to the present schema; nothing in it is lost. Running it again does no harm.
    """
    from supportdesk.desk import SYSTEM, Desk

    was_there = session.exists
    with report_errors():
        door = Desk.create(session.address, session.clock)
        try:
            if not door.policies:
                _keep(door, InstallPolicy(built_in()), SYSTEM.username)
            if not door.roster().staff:
                _keep(door, KeepPerson(_first(door, session.username)), SYSTEM.username)
            person = door.person(session.username)
        finally:
            door.close()
    say(f"The desk is at {desk_address.shown(session.address)}" + (", and up to date." if was_there else "."))
    if person is not None:
        say(f"You are {person.name} ({person.username}): {', '.join(person.roles)}.")
    else:
        say(
            f"{session.username} is not on its staff; an administrator can enrol you with `supportdesk staff add`."
        )
    say(NEXT)


def _first(door: DeskApi, username: str) -> Person:
    """Whoever makes a desk answers for it, and sits at its first line."""
    teams = door.policy_at(door.now()).teams
    first_line = min(teams, key=lambda team: team.line or len(teams) + 1)
    return Person(username, full_name(username), first_line.key, (Role.SUPERVISOR, Role.ADMINISTRATOR))


def _keep(door: DeskApi, command: Command, by: str) -> None:
    outcome = door.do(command, by=by)
    if isinstance(outcome, Refusal):
        raise FailureError(in_commands(outcome))
