"""`supportdesk init`: create a desk, or upgrade an older one."""

from __future__ import annotations

import click

from supportdesk.cli import desk_address
from supportdesk.cli.context import CliContext, full_name, pass_cli_context
from supportdesk.cli.default_policy import load_default_policy
from supportdesk.cli.errors import FailureError, report_errors
from supportdesk.cli.output import echo
from supportdesk.cli.refusal_text import refusal_message
from supportdesk.desk_api import Commands, PolicyQueries
from supportdesk.store.location import find_file
from supportdesk.tickets.command import Command
from supportdesk.tickets.documents import Person, Role
from supportdesk.tickets.records.commands import InstallPolicy, SavePerson
from supportdesk.tickets.refusal import Refusal

NEXT = """
Next:
  supportdesk organisation add "Acme Ltd"             add customers
  supportdesk contact add "Jo Park" --organisation "Acme Ltd" --super-user
  supportdesk staff add USERNAME --name NAME --team TEAM --role agent
  supportdesk rota set USERNAME... --from TIME        set who is on call
  supportdesk                                         open the console"""


@click.command()
@pass_cli_context
def init(context: CliContext) -> None:
    """Create a desk, or upgrade one made by an older version.

    A new desk has the built-in policy, and you as supervisor and administrator. An older desk is upgraded to the
    present schema without losing anything. It is safe to run this again.
    """
    from supportdesk.desk import SYSTEM, Desk

    was_there = context.exists
    with report_errors():
        desk = Desk.create(
            context.address,
            context.clock,
            lambda copy: _report_upgrade(context.address, copy),
        )
        try:
            if not desk.policies:
                # A database on a server is there before it has a desk.
                was_there = False
                _save(desk, InstallPolicy(load_default_policy()), SYSTEM.key)
            if not desk.roster().staff:
                _save(desk, SavePerson(_first(desk, context.username)), SYSTEM.key)
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
            f"{context.username} is not on the staff; an administrator can add you with `supportdesk staff add`."
        )
    echo(NEXT)


def _report_upgrade(address: str, copy: str) -> None:
    echo(f"It was made by an older version. A copy as it was is {copy}.")
    if find_file(address) is None:
        echo(
            "Where people have logins of their own, run `supportdesk db roles --apply` now: they have no rights yet to"
            " tables that are new."
        )


def _first(desk: PolicyQueries, username: str) -> Person:
    """Return the creator of a desk as supervisor and administrator in the first line of support."""
    teams = desk.policy_at(desk.now()).teams
    first_line = min(teams, key=lambda team: team.line or len(teams) + 1)
    return Person(username, full_name(username), first_line.key, (Role.SUPERVISOR, Role.ADMINISTRATOR))


def _save(desk: Commands, command: Command, by: str) -> None:
    outcome = desk.do(command, by=by)
    if isinstance(outcome, Refusal):
        raise FailureError(refusal_message(outcome))
