"""`supportdesk organisation`: add, change and list customers."""

from __future__ import annotations

import click
import msgspec

from supportdesk.cli import lookup
from supportdesk.cli.context import CliContext, pass_cli_context
from supportdesk.cli.mail_option import MailChoice, mail_option, show_wanted_mail, wanted_mails
from supportdesk.cli.output import echo, echo_json, terminal_width
from supportdesk.cli.records import (
    another_option,
    as_json,
    field_help,
    new_key,
    plain_line,
    provided,
    save_record,
)
from supportdesk.cli.shell_complete import complete_from_desk
from supportdesk.cli.table import NAME_WIDTH, TableColumn, table_lines
from supportdesk.desk_api import DeskReader, RecordQueries
from supportdesk.tickets.documents import Contact, Organisation
from supportdesk.tickets.folding import fold
from supportdesk.tickets.records.commands import SaveOrganisation

account_manager_option = click.option(
    "--account-manager",
    metavar="NAME",
    shell_complete=complete_from_desk("person"),
    help=f"{field_help(Organisation, 'account_manager')} By username or name.",
)


@click.group()
def organisation() -> None:
    """Add, change and list customers."""


@organisation.command("add")
@click.argument("name")
@click.option("--key", help=field_help(Contact, "key"))
@account_manager_option
@mail_option
@another_option
@pass_cli_context
def add_organisation(
    context: CliContext,
    /,
    *,
    name: str,
    key: str | None,
    account_manager: str | None,
    mail: MailChoice | None,
    another: bool,
) -> None:
    """Add a customer. NAME is the name of the company."""

    def make(desk: DeskReader) -> SaveOrganisation:
        taken = [each.key for each in desk.find_organisations("", lookup.NO_LIMIT)]
        new = new_key("organisation", key, taken) if key else ""
        customer = Organisation(new, plain_line(name), _manager(desk, account_manager), **wanted_mails(mail))
        return SaveOrganisation(customer, new=True, another=another)

    save_record(context, make)
    echo(f"{plain_line(name)} is added.")


@organisation.command("change")
@click.argument("name", shell_complete=complete_from_desk("organisation"))
@click.option("--name", "new_name", help="The new name.")
@account_manager_option
@mail_option
@another_option
@pass_cli_context
def change_organisation(
    context: CliContext,
    /,
    *,
    name: str,
    new_name: str | None,
    account_manager: str | None,
    mail: MailChoice | None,
    another: bool,
) -> None:
    """Change a customer; details not given stay."""

    def make(desk: DeskReader) -> SaveOrganisation:
        customer = lookup.find_organisation(desk, name, advice=lookup.ADD_ORGANISATION)
        changes = provided({"name": new_name, "account_manager": _manager(desk, account_manager)})
        changed = msgspec.structs.replace(customer, **wanted_mails(mail), **changes)
        return SaveOrganisation(changed, another=another)

    save_record(context, make)
    echo(f"{plain_line(new_name or name)} is changed.")


def _manager(desk: RecordQueries, typed: str | None) -> str | None:
    return lookup.find_person(desk, typed) if typed else None


@organisation.command("list")
@as_json
@pass_cli_context
def list_organisations(context: CliContext, as_json: bool) -> None:
    """List customers with their account managers."""
    with context.desk() as desk:
        everybody = sorted(desk.find_organisations("", lookup.NO_LIMIT), key=lambda each: fold(each.name))
        staff = {person.username: person.name for person in desk.roster().staff}
    if as_json:
        echo_json([msgspec.to_builtins(each) for each in everybody])
        return
    if not everybody:
        echo("There is no customer yet; add one with `supportdesk organisation add`.")
        return
    rows = [
        (each.key, each.name, staff.get(each.account_manager or "", each.account_manager or ""))
        for each in everybody
    ]
    headings = (TableColumn("KEY"), TableColumn("NAME", least=NAME_WIDTH), TableColumn("ACCOUNT MANAGER"))
    echo("\n".join(table_lines(*show_wanted_mail(headings, rows, everybody), terminal_width())))
