"""`supportdesk organisation` and `supportdesk contact`: whom this desk serves."""

from __future__ import annotations

from typing import Any

import click
import msgspec

from supportdesk.cli import lookup
from supportdesk.cli.context import CliContext, pass_session
from supportdesk.cli.errors import BadRequestError
from supportdesk.cli.output import columns, say, say_json
from supportdesk.cli.records import as_json, given, keep, new_key, options, plain, told
from supportdesk.cli.shell_complete import known
from supportdesk.cli.table import NARROW, Column, lines
from supportdesk.desk_api import DeskApi
from supportdesk.tickets.documents import Contact, Organisation
from supportdesk.tickets.records.commands import KeepContact, KeepOrganisation

ADD_FIRST = "Take a new one in with `supportdesk organisation add`."

manager = click.option(
    "--account-manager",
    metavar="NAME",
    shell_complete=known("person"),
    help=f"{told(Organisation, 'account_manager')} By username or name.",
)
same_name = click.option(
    "--another", is_flag=True, help="It is another one, although there is one of that name, or nearly so."
)
reach = options(
    click.option("--telephone", metavar="NUMBER", help=told(Contact, "telephone")),
    click.option("--email", metavar="ADDRESS", help=told(Contact, "email")),
)


@click.group()
def organisation() -> None:
    """The customers."""


@organisation.command("add")
@click.argument("name")
@click.option("--key", help=told(Contact, "key"))
@manager
@same_name
@pass_session
def add_organisation(
    session: CliContext, name: str, key: str | None, account_manager: str | None, another: bool
) -> None:
    """Take a customer in."""

    def make(door: DeskApi) -> KeepOrganisation:
        known = [each.key for each in door.find_organisations("", lookup.ALL)]
        new = new_key("organisation", key, known) if key else ""
        customer = Organisation(new, plain(name), _manager(door, account_manager))
        return KeepOrganisation(customer, new=True, another=another)

    keep(session, make)
    say(f"{plain(name)} is taken in.")


@organisation.command("change")
@click.argument("name", shell_complete=known("organisation"))
@click.option("--name", "new_name", help="What it is called now.")
@manager
@same_name
@pass_session
def change_organisation(
    session: CliContext, name: str, new_name: str | None, account_manager: str | None, another: bool
) -> None:
    """Change what is known of a customer; what is not given stays."""

    def make(door: DeskApi) -> KeepOrganisation:
        known = lookup.organisation(door, name, otherwise=ADD_FIRST)
        changes = given({"name": new_name, "account_manager": _manager(door, account_manager)})
        return KeepOrganisation(msgspec.structs.replace(known, **changes), another=another)

    keep(session, make)
    say(f"{plain(new_name or name)} is changed.")


def _manager(door: DeskApi, typed: str | None) -> str | None:
    return lookup.person(door, typed) if typed else None


@organisation.command("list")
@as_json
@pass_session
def list_organisations(session: CliContext, as_json: bool) -> None:
    """All customers."""
    with session.desk() as door:
        everybody = sorted(door.find_organisations("", lookup.ALL), key=lambda each: each.name.casefold())
    if as_json:
        say_json([msgspec.to_builtins(each) for each in everybody])
        return
    rows = [(each.key, each.name, each.account_manager or "") for each in everybody]
    say(
        "\n".join(
            lines((Column("KEY"), Column("NAME", least=NARROW), Column("ACCOUNT MANAGER")), rows, columns())
        )
    )


@click.group()
def contact() -> None:
    """The people at the customers."""


@contact.command("add")
@click.argument("name")
@click.option(
    "--organisation",
    "customer",
    required=True,
    metavar="NAME",
    shell_complete=known("organisation"),
    help=told(Contact, "organisation"),
)
@click.option("--super-user", is_flag=True, help=told(Contact, "super_user"))
@click.option("--key", help=told(Contact, "key"))
@reach
@same_name
@pass_session
def add_contact(
    session: CliContext,
    /,
    *,
    name: str,
    customer: str,
    key: str | None,
    super_user: bool,
    another: bool,
    **details: Any,
) -> None:
    """Register a person at a customer."""

    def make(door: DeskApi) -> KeepContact:
        where = lookup.organisation(door, customer, otherwise=ADD_FIRST).key
        known = [each.key for each in door.contacts(where)]
        new = new_key("contact", key, known) if key else ""
        contact = Contact(new, where, plain(name), super_user, **given(details))
        return KeepContact(contact, new=True, another=another)

    keep(session, make)
    say(f"{plain(name)} is registered.")


@contact.command("change")
@click.argument("name")
@click.option(
    "--organisation",
    "customer",
    required=True,
    metavar="NAME",
    shell_complete=known("organisation"),
    help=told(Contact, "organisation"),
)
@click.option("--name", "new_name", help="What they are called now.")
@click.option("--super-user/--no-super-user", default=None, help=told(Contact, "super_user"))
@click.option("--registered/--not-registered", default=None, help=told(Contact, "registered"))
@reach
@same_name
@pass_session
def change_contact(
    session: CliContext, /, name: str, customer: str, new_name: str | None, another: bool, **details: Any
) -> None:
    """Change what is known of a contact, such as one who was taken in with a request; what is not given stays."""

    def make(door: DeskApi) -> KeepContact:
        where = lookup.organisation(door, customer, otherwise=ADD_FIRST)
        known = lookup.contact_or_none(door, where.key, name)
        if known is None:
            raise BadRequestError(f"{where.name} has no contact {name!r}; see `supportdesk contact list`.")
        changed = msgspec.structs.replace(known, **given({"name": new_name, **details}))
        return KeepContact(changed, another=another)

    keep(session, make)
    say(f"{plain(new_name or name)} is changed.")


@contact.command("list")
@click.argument("customer", metavar="ORGANISATION", shell_complete=known("organisation"))
@as_json
@pass_session
def list_contacts(session: CliContext, customer: str, as_json: bool) -> None:
    """The contacts of a customer."""
    with session.desk() as door:
        everybody = door.contacts(lookup.organisation(door, customer, otherwise=ADD_FIRST).key)
    if as_json:
        say_json([msgspec.to_builtins(each) for each in everybody])
        return
    rows = [
        (
            each.key,
            each.name,
            "super user" if each.super_user else "" if each.registered else "not registered",
            each.telephone,
            each.email,
        )
        for each in everybody
    ]
    headings = (
        Column("KEY"),
        Column("NAME", least=NARROW),
        Column("STANDING"),
        Column("TELEPHONE"),
        Column("EMAIL"),
    )
    say("\n".join(lines(headings, rows, columns())))
