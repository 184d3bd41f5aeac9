"""`supportdesk init`: a new desk, or an older one brought on."""

from __future__ import annotations

import click

from supportdesk.cli import desk_address
from supportdesk.cli.context import CliContext, full_name, pass_cli_context
from supportdesk.cli.default_policy import load_default_policy
from supportdesk.cli.errors import FailureError, report_errors
from supportdesk.cli.output import echo
from supportdesk.cli.refusal_text import refusal_message
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
@pass_cli_context
def init(context: CliContext) -> None:
    """Make a desk, or bring an older one on.

    A new desk has the policy that comes with the program, and you as a supervisor and administrator. A desk made by an
    older version is brought to the present schema; nothing in it is lost. Running it again does no harm.
    """
    from supportdesk.desk import SYSTEM, Desk

    was_there = context.exists
    with report_errors():
        desk = Desk.create(context.address, context.clock)
        try:
            if not desk.policies:
                _save(desk, InstallPolicy(load_default_policy()), SYSTEM.username)
            if not desk.roster().staff:
                _save(desk, KeepPerson(_first(desk, context.username)), SYSTEM.username)
            person = desk.person(context.username)
        finally:
            desk.close()
    echo(
        f"The desk is at {desk_address.display(context.address)}"
        + (", and up to date." if was_there else ".")
    )
    if person is not None:
        echo(f"You are {person.name} ({person.username}): {', '.join(person.roles)}.")
    else:
        echo(
            f"{context.username} is not on its staff; an administrator can enrol you with `supportdesk staff add`."
        )
    echo(NEXT)


def _first(desk: DeskApi, username: str) -> Person:
    """Whoever makes a desk answers for it, and sits at its first line."""
    teams = desk.policy_at(desk.now()).teams
    first_line = min(teams, key=lambda team: team.line or len(teams) + 1)
    return Person(username, full_name(username), first_line.key, (Role.SUPERVISOR, Role.ADMINISTRATOR))


def _save(desk: DeskApi, command: Command, by: str) -> None:
    outcome = desk.do(command, by=by)
    if isinstance(outcome, Refusal):
        raise FailureError(refusal_message(outcome))
