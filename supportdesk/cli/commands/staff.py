"""`supportdesk staff`: who works at this desk."""

from __future__ import annotations

from typing import Any

import click
import msgspec

from supportdesk.cli import lookup
from supportdesk.cli.commands.rota import gap_sentence
from supportdesk.cli.context import CliContext, pass_session
from supportdesk.cli.output import columns, say, say_json
from supportdesk.cli.param_types import Word
from supportdesk.cli.records import as_json, given, keep, new_key, options, told
from supportdesk.cli.shell_complete import known
from supportdesk.cli.table import NARROW, Column, lines
from supportdesk.desk_api import DeskApi
from supportdesk.tickets.decide import rights
from supportdesk.tickets.documents import Person, Role
from supportdesk.tickets.permissions import who_may
from supportdesk.tickets.records.commands import KeepPerson
from supportdesk.tickets.rota import gaps

duties = options(
    click.option(
        "--role", "roles", type=Word(Role), multiple=True, help=f"{told(Person, 'roles')} Once for each."
    ),
    click.option("--telephone", metavar="NUMBER", help=told(Person, "telephone")),
    click.option("--email", metavar="ADDRESS", help=told(Person, "email")),
    click.option(
        "--rung", "rungs", metavar="RUNG", multiple=True, help=f"{told(Person, 'rungs')} Once for each."
    ),
)


@click.group()
def staff() -> None:
    """Who works at this desk."""


@staff.command()
@click.argument("username")
@click.option("--name", required=True, help=told(Person, "name"))
@click.option(
    "--team", shell_complete=known("team"), required=True, help=f"{told(Person, 'team')} By key or name."
)
@duties
@pass_session
def add(session: CliContext, /, username: str, team: str, **details: Any) -> None:
    """Enrol somebody. USERNAME is how the operating system knows them."""

    def make(door: DeskApi) -> KeepPerson:
        known = [person.username for person in door.roster().staff]
        details["roles"] = details["roles"] or (Role.AGENT,)
        person = Person(
            new_key("member of staff", username, known),
            team=lookup.team(door, team),
            **_checked(door, given(details)),
        )
        return KeepPerson(person, new=True)

    keep(session, make)
    say(f"{username} is on the staff.")


@staff.command()
@click.argument("username", shell_complete=known("person"))
@click.option("--name", help=told(Person, "name"))
@click.option("--team", shell_complete=known("team"), help=f"{told(Person, 'team')} By key or name.")
@duties
@click.option("--active/--gone", default=None, help=told(Person, "active"))
@pass_session
def change(session: CliContext, /, username: str, team: str | None, **details: Any) -> None:
    """Change what is known of somebody; what is not given stays. Roles and rungs replace those they had."""

    def make(door: DeskApi) -> KeepPerson:
        changes = _checked(door, given(details))
        if team is not None:
            changes["team"] = lookup.team(door, team)
        return KeepPerson(msgspec.structs.replace(lookup.colleague(door, username), **changes))

    keep(session, make)
    say(f"{username} is changed.")
    if details.get("active") is False:
        _tell_of_shifts(session, username)


def _tell_of_shifts(session: CliContext, username: str) -> None:
    """Say when nobody will be on call because somebody has left (rule 18)."""
    with session.desk() as door:
        data, now = door.roster().reference_data, door.now()
        zone = door.policy_at(now).timezone
    for gap in gaps(data, now):
        if gap.left == username:
            say(f"{gap_sentence(data, gap, zone)}; set the rota with `supportdesk rota set`.")


def _checked(door: DeskApi, details: dict[str, Any]) -> dict[str, Any]:
    if "roles" in details:
        details["roles"] = tuple(Role(role) for role in dict.fromkeys(details["roles"]))
    if "rungs" in details:
        details["rungs"] = tuple(lookup.rung(door, rung) for rung in details["rungs"])
    return details


@staff.command("list")
@as_json
@pass_session
def list_(session: CliContext, as_json: bool) -> None:
    """Everybody on the staff, with team, roles and rungs."""
    with session.desk() as door:
        everybody = door.roster().staff
    if as_json:
        say_json([msgspec.to_builtins(person) for person in everybody])
        return
    headings = (
        Column("USERNAME"),
        Column("NAME", least=NARROW),
        Column("TEAM"),
        Column("ROLES"),
        Column("RUNGS"),
    )
    rows = [
        (
            person.username,
            person.name,
            person.team if person.active else "gone",
            ", ".join(person.roles),
            ", ".join(person.rungs),
        )
        for person in everybody
    ]
    say("\n".join(lines(headings, rows, columns())))


@staff.command()
@pass_session
def roles(session: CliContext) -> None:
    """Who may do what, and who of the staff that is."""
    with session.desk() as door:
        everybody = door.roster().staff
    rows = [(deed, who_may(needs, everybody)) for deed, needs in rights()]
    say("\n".join(lines((Column("WHAT"), Column("WHO MAY", least=NARROW)), rows, columns())))
