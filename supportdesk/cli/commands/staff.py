"""`supportdesk staff`: add, change and list members of staff."""

from __future__ import annotations

from typing import Any

import click
import msgspec

from supportdesk.cli import lookup
from supportdesk.cli.context import CliContext, pass_cli_context
from supportdesk.cli.decoding import decode_argument
from supportdesk.cli.errors import BadRequestError
from supportdesk.cli.output import echo, echo_json, terminal_width
from supportdesk.cli.param_types import ChoiceParam
from supportdesk.cli.records import (
    another_option,
    as_json,
    combine_options,
    field_help,
    new_key,
    provided,
    save_record,
)
from supportdesk.cli.rota_text import gap_sentences
from supportdesk.cli.shell_complete import complete_from_desk
from supportdesk.cli.table import NAME_WIDTH, TableColumn, table_lines
from supportdesk.desk_api import DeskReader, PolicyQueries
from supportdesk.tickets.addresses import (
    AddressError,
    format_addresses,
    format_quiet_hours,
    parse_address,
    parse_quiet_hours,
)
from supportdesk.tickets.decide import list_rights
from supportdesk.tickets.documents import Person, Role
from supportdesk.tickets.permissions import name_permitted
from supportdesk.tickets.person_addresses import list_addresses
from supportdesk.tickets.records.commands import SavePerson
from supportdesk.tickets.rota.duty import find_duty_gaps

NONE = "none"
"""What is typed for no addresses or no quiet hours."""

role_options = combine_options(
    click.option(
        "--role",
        "roles",
        type=ChoiceParam(Role),
        multiple=True,
        help=f"{field_help(Person, 'roles')} Repeat for each.",
    ),
    click.option("--telephone", metavar="NUMBER", help=field_help(Person, "telephone")),
    click.option("--email", metavar="ADDRESS", help=field_help(Person, "email")),
    click.option(
        "--rung",
        "rungs",
        metavar="RUNG",
        multiple=True,
        help=f"{field_help(Person, 'rungs')} Repeat for each.",
    ),
    click.option(
        "--address",
        "addresses",
        metavar="'METHOD TARGET'",
        multiple=True,
        help="Where pages reach them, such as 'sms +44 7700 900123' or 'call +44 7700 900123 after 2 min'. "
        "Repeat for each, in order; 'none' removes all, and pages go to their email address.",
    ),
    click.option(
        "--quiet",
        "quiet_hours",
        metavar="HOURS",
        help="When only what is critical is sent, such as 22:00-07:00; 'none' for no quiet hours.",
    ),
)


@click.group()
def staff() -> None:
    """Add, change and list members of staff."""


@staff.command()
@click.argument("username")
@click.option("--name", required=True, help=field_help(Person, "name"))
@click.option(
    "--team",
    shell_complete=complete_from_desk("team"),
    required=True,
    help=f"{field_help(Person, 'team')} By key or name.",
)
@role_options
@another_option
@pass_cli_context
def add(context: CliContext, /, username: str, team: str, another: bool, **details: Any) -> None:
    """Add a member of staff. USERNAME is their username on this machine."""

    def make(desk: DeskReader) -> SavePerson:
        taken = [person.username for person in desk.roster().staff]
        details["roles"] = details["roles"] or (Role.AGENT,)
        person = Person(
            new_key("member of staff", username, taken),
            team=lookup.find_team(desk, team),
            **_convert(desk, provided(details)),
        )
        return SavePerson(person, new=True, another=another)

    save_record(context, make)
    echo(f"{username} is on the staff.")


@staff.command()
@click.argument("username", shell_complete=complete_from_desk("person"))
@click.option("--name", help=field_help(Person, "name"))
@click.option(
    "--team", shell_complete=complete_from_desk("team"), help=f"{field_help(Person, 'team')} By key or name."
)
@role_options
@click.option("--active/--gone", default=None, help=field_help(Person, "active"))
@another_option
@click.option(
    "--confirm",
    "unreachable",
    is_flag=True,
    help="Save it although no page would reach somebody who is on the rota or holds a rung, or although nobody "
    "would be on call.",
)
@pass_cli_context
def change(
    context: CliContext,
    /,
    username: str,
    team: str | None,
    another: bool,
    *,
    unreachable: bool,
    **details: Any,
) -> None:
    """Change a member of staff; details not given stay. Roles and rungs replace the previous ones."""

    paged: dict[str, int] = {}

    def make(desk: DeskReader) -> SavePerson:
        if details.get("active") is False:
            paged.update(_count_pages(desk, username))
        changes = _convert(desk, provided(details))
        if team is not None:
            changes["team"] = lookup.find_team(desk, team)
        changed = msgspec.structs.replace(lookup.find_staff_member(desk, username), **changes)
        return SavePerson(changed, another=another, unreachable=unreachable)

    saved = save_record(context, make).person
    echo(f"{username} is changed.")
    if details["addresses"] or details["quiet_hours"]:
        reached = format_addresses(list_addresses(saved)) or "nothing: give an address, or an email address"
        quiet = f", quiet {format_quiet_hours(saved.quiet_hours)}" if saved.quiet_hours else ""
        echo(f"Pages reach {saved.name} by {reached}{quiet}.")
    if details.get("active") is False:
        _echo_pages_instead(context, paged)
        _echo_uncovered_shifts(context, saved.username)


def _count_pages(desk: DeskReader, typed: str) -> dict[str, int]:
    """Return how many pages each ticket has for which a member of staff is paged."""
    username = lookup.find_staff_member(desk, typed).username
    refs = [row.ref for row in desk.queue().rows if row.page_open and username in row.paged]
    return {ref: len(desk.ticket(ref).pages) for ref in refs}


def _echo_pages_instead(context: CliContext, paged: dict[str, int]) -> None:
    """Print who to ring for each ticket whose page was sent to somebody else."""
    if not paged:
        return
    from supportdesk.cli import read_back

    with context.desk() as desk:
        for ref, count in paged.items():
            view = desk.ticket(ref)
            instruction = read_back.ring_instruction(context, desk, view)
            if instruction is not None and len(view.pages) > count:
                echo(f"{'Now':<{read_back.LABEL}}{ref}: {instruction}")


def _echo_uncovered_shifts(context: CliContext, username: str) -> None:
    """Print when nobody will be on call because a member of staff has left (rule 18)."""
    with context.desk() as desk:
        data, now = desk.roster().reference_data, desk.now()
        zone = desk.policy_at(now).timezone
    theirs = [gap for gap in find_duty_gaps(data, now) if gap.left == username]
    for sentence in gap_sentences(data, theirs, zone, now):
        echo(f"{sentence}; set the rota with `supportdesk rota set`.")


def _convert(desk: PolicyQueries, details: dict[str, Any]) -> dict[str, Any]:
    if "roles" in details:
        details["roles"] = tuple(Role(role) for role in dict.fromkeys(details["roles"]))
    if "rungs" in details:
        details["rungs"] = tuple(lookup.find_rung(desk, rung) for rung in details["rungs"])
    try:
        if "addresses" in details:
            typed = [decode_argument(each) for each in details["addresses"]]
            details["addresses"] = () if typed == [NONE] else tuple(map(parse_address, typed))
        if "quiet_hours" in details:
            hours = details["quiet_hours"]
            details["quiet_hours"] = parse_quiet_hours("" if hours == NONE else hours)
    except AddressError as error:
        raise BadRequestError(f"{error}.") from error
    return details


@staff.command("list")
@as_json
@pass_cli_context
def list_(context: CliContext, as_json: bool) -> None:
    """List staff with team, roles and rungs."""
    with context.desk() as desk:
        everybody, policy = desk.roster().staff, desk.policy_at(desk.now())
    if as_json:
        echo_json([msgspec.to_builtins(person) for person in everybody])
        return
    headings = (
        TableColumn("USERNAME"),
        TableColumn("NAME", least=NAME_WIDTH),
        TableColumn("TEAM"),
        TableColumn("ROLES"),
        TableColumn("RUNGS"),
    )
    teams = {team.key: team.name for team in policy.teams}
    rungs = {rung.key: rung.name for rung in policy.ladder}
    rows = [
        (
            person.username,
            person.name,
            teams.get(person.team, person.team) if person.active else "has left",
            ", ".join(person.roles),
            ", ".join(rungs.get(rung, rung) for rung in person.rungs),
        )
        for person in everybody
    ]
    echo("\n".join(table_lines(headings, rows, terminal_width())))


@staff.command()
@pass_cli_context
def roles(context: CliContext) -> None:
    """List what needs a role, and which staff may do it."""
    with context.desk() as desk:
        everybody = desk.roster().staff
    rows = [(action, name_permitted(needs, everybody)) for action, needs in list_rights()]
    echo(
        "\n".join(
            table_lines(
                (TableColumn("WHAT"), TableColumn("WHO MAY", least=NAME_WIDTH)), rows, terminal_width()
            )
        )
    )
