"""`supportdesk erase`: erase a contact for good."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from supportdesk.cli import lookup
from supportdesk.cli.context import CliContext, pass_cli_context
from supportdesk.cli.errors import BadRequestError
from supportdesk.cli.output import echo, sanitize_line
from supportdesk.cli.refusal_text import refusal_message
from supportdesk.cli.shell_complete import complete_from_desk
from supportdesk.cli.streams import is_in_terminal
from supportdesk.tickets.refusal import Refusal
from supportdesk.tickets.typed_text import quoted

if TYPE_CHECKING:
    from supportdesk.desk_api import DeskApi
    from supportdesk.tickets.documents import Contact

_BACKUPS = "Backups, exports and saved views from before may name them: delete those yourself."


@click.command()
@click.argument("contact", required=False)
@click.option(
    "--organisation",
    "customer",
    metavar="NAME",
    shell_complete=complete_from_desk("organisation"),
    help="The customer they work for, where several have a contact of that name.",
)
@click.option("--dry-run", is_flag=True, help="Only print what would be erased.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--finish", is_flag=True, help="Only remove what an interrupted erasure left in free space.")
@pass_cli_context
def erase(
    context: CliContext,
    /,
    *,
    contact: str | None,
    customer: str | None,
    dry_run: bool,
    yes: bool,
    finish: bool,
) -> None:
    """Erase a contact, given by key or name, for good.

    Their details are erased, and their name, addresses and numbers in every ticket, note and article, in searches and
    in messages. Tickets, figures and the ledger's chain stay as they are; the erasure is an event of its own. It cannot
    be undone. Supervisors and administrators may do it; where each has a login at a PostgreSQL server, the login that
    owns the tables runs it for them, with --as.

    Backups, exports and saved views of consoles from before may name the person: delete those yourself.
    """
    with context.desk() as desk:
        if finish:
            desk.remove_traces()
            echo("Nothing that was erased is left in the desk's file.")
            return
        if contact is None:
            raise BadRequestError("Give the contact to erase, by key or name.")
        operator = context.operator(desk).username
        known = _find_contact(desk, contact, customer)
        preview = desk.preview_erasure(known.key, by=operator)
        if isinstance(preview, Refusal):
            raise BadRequestError(refusal_message(preview))
        changes = "\n".join(preview.describe())
        if not (dry_run or yes):
            _confirm(known, changes)
        else:
            echo(changes)
        if dry_run:
            echo("Nothing was erased.")
            return
        _erase(desk, known, operator)
    echo(f"{known.name} is erased. {_BACKUPS}")


def _find_contact(desk: DeskApi, typed: str, customer: str | None) -> Contact:
    """Return the contact with a key or a name. Raises BadRequestError for none and for several."""
    from supportdesk.tickets.documents import Contact

    if customer is not None:
        company = lookup.find_organisation(desk, customer, advice=lookup.ADD_ORGANISATION)
        found = lookup.find_contact_or_none(desk, company.key, typed)
        if found is None:
            raise BadRequestError(
                lookup.describe_missing_contact(
                    company, typed, lookup.find_similar_contacts(desk, company.key, typed)
                )
            )
        return found
    view = desk.caller(typed)
    if view is not None:
        return view.contact
    named = [
        each
        for each in desk.find_records(Contact, typed, lookup.NO_LIMIT).documents
        if isinstance(each, Contact) and lookup.is_named(each.name, typed)
    ]
    if not named:
        raise BadRequestError(
            f"There is no contact {quoted(typed)}; nothing is left of one who was erased."
            " `supportdesk contact list ORGANISATION` shows a customer's contacts."
        )
    if len(named) > 1:
        keys = "; ".join(f"{each.name} ({each.key})" for each in named)
        raise BadRequestError(
            f"{quoted(typed)} is the name of several contacts: {keys}. Give the key of one."
        )
    return named[0]


def _confirm(contact: Contact, changes: str) -> None:
    """Show what changes and ask whether to erase. Raises BadRequestError without a terminal, and where it is no."""
    if not is_in_terminal():
        raise BadRequestError(f"{changes}\nIt cannot be undone. To erase them, run this again with --yes.")
    echo(changes)
    if not click.confirm(
        sanitize_line(f"Erase {contact.name} for good? It cannot be undone."), default=False
    ):
        raise BadRequestError("Nothing was erased.")


def _erase(desk: DeskApi, contact: Contact, operator: str) -> None:
    from supportdesk.store.errors import DeskUnavailableError
    from supportdesk.tickets.records.commands import EraseContact

    outcome = desk.do(EraseContact(contact.key), by=operator)
    if isinstance(outcome, Refusal):
        raise BadRequestError(refusal_message(outcome))
    try:
        desk.remove_traces()
    except DeskUnavailableError as error:
        raise DeskUnavailableError(
            f"{contact.name} is erased, but free space of the desk still contains traces: {error}."
            " Then run `supportdesk erase --finish`"
        ) from error
