"""`supportdesk contact`: add, change and list the people at the customers."""

from __future__ import annotations

from typing import Any

import click
import msgspec

from supportdesk.cli import lookup
from supportdesk.cli.context import CliContext, pass_cli_context
from supportdesk.cli.errors import BadRequestError
from supportdesk.cli.mail_option import MailChoice, mail_option, show_wanted_mail, wanted_mails
from supportdesk.cli.output import echo, echo_json, terminal_width
from supportdesk.cli.records import (
    another_option,
    as_json,
    combine_options,
    field_help,
    new_key,
    plain_line,
    provided,
    save_record,
)
from supportdesk.cli.shell_complete import complete_from_desk
from supportdesk.cli.table import NAME_WIDTH, TableColumn, table_lines
from supportdesk.desk_api import DeskReader
from supportdesk.tickets.documents import Contact
from supportdesk.tickets.records.commands import SaveContact
from supportdesk.tickets.typed_text import quoted

contact_options = combine_options(
    click.option("--telephone", metavar="NUMBER", help=field_help(Contact, "telephone")),
    click.option("--email", metavar="ADDRESS", help=field_help(Contact, "email")),
    mail_option,
)


@click.group()
def contact() -> None:
    """Add, change and list contacts, the people at the customers."""


@contact.command("add")
@click.argument("name")
@click.option(
    "--organisation",
    "customer",
    required=True,
    metavar="NAME",
    shell_complete=complete_from_desk("organisation"),
    help=field_help(Contact, "organisation"),
)
@click.option("--super-user", is_flag=True, help=field_help(Contact, "super_user"))
@click.option("--key", help=field_help(Contact, "key"))
@contact_options
@another_option
@pass_cli_context
def add_contact(
    context: CliContext,
    /,
    *,
    name: str,
    customer: str,
    key: str | None,
    super_user: bool,
    another: bool,
    mail: MailChoice | None,
    **details: Any,
) -> None:
    """Add a contact of a customer."""

    def make(desk: DeskReader) -> SaveContact:
        company = lookup.find_organisation(desk, customer, advice=lookup.ADD_ORGANISATION).key
        taken = [each.key for each in desk.contacts(company)]
        new = new_key("contact", key, taken) if key else ""
        document = Contact(
            new, company, plain_line(name), super_user, **wanted_mails(mail), **provided(details)
        )
        return SaveContact(document, new=True, another=another)

    save_record(context, make)
    echo(f"{plain_line(name)} is registered.")


@contact.command("change")
@click.argument("name")
@click.option(
    "--organisation",
    "customer",
    required=True,
    metavar="NAME",
    shell_complete=complete_from_desk("organisation"),
    help=field_help(Contact, "organisation"),
)
@click.option("--name", "new_name", help="The new name.")
@click.option("--super-user/--no-super-user", default=None, help=field_help(Contact, "super_user"))
@click.option("--registered/--not-registered", default=None, help=field_help(Contact, "registered"))
@contact_options
@another_option
@pass_cli_context
def change_contact(
    context: CliContext,
    /,
    *,
    name: str,
    customer: str,
    new_name: str | None,
    another: bool,
    mail: MailChoice | None,
    **details: Any,
) -> None:
    """Change a contact; details not given stay.

    It may be one that was added with a request.
    """

    def make(desk: DeskReader) -> SaveContact:
        company = lookup.find_organisation(desk, customer, advice=lookup.ADD_ORGANISATION)
        known = lookup.find_contact_or_none(desk, company.key, name)
        if known is None:
            raise BadRequestError(
                f"{company.name} has no contact {quoted(name)}; see `supportdesk contact list`."
            )
        changed = msgspec.structs.replace(
            known, **wanted_mails(mail), **provided({"name": new_name, **details})
        )
        # What is erased meanwhile must not come back with its old name.
        return SaveContact(changed, another=another, was=known)

    save_record(context, make)
    echo(f"{plain_line(new_name or name)} is changed.")


@contact.command("list")
@click.argument("customer", metavar="ORGANISATION", shell_complete=complete_from_desk("organisation"))
@as_json
@pass_cli_context
def list_contacts(context: CliContext, customer: str, as_json: bool) -> None:
    """List the contacts of a customer."""
    with context.desk() as desk:
        company = lookup.find_organisation(desk, customer, advice=lookup.ADD_ORGANISATION)
        everybody = desk.contacts(company.key)
    if as_json:
        echo_json([msgspec.to_builtins(each) for each in everybody])
        return
    if not everybody:
        echo(f"{company.name} has no contact yet; add one with `supportdesk contact add`.")
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
        TableColumn("KEY"),
        TableColumn("NAME", least=NAME_WIDTH),
        TableColumn("STATUS"),
        TableColumn("TELEPHONE"),
        TableColumn("EMAIL"),
    )
    echo("\n".join(table_lines(*show_wanted_mail(headings, rows, everybody), terminal_width())))
