"""Makes the commands on existing tickets from the desk's command classes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from supportdesk.cli.context import CliContext, pass_cli_context
from supportdesk.cli.errors import BAD_REQUEST, BadRequestError
from supportdesk.cli.options import command_fields, option_for
from supportdesk.cli.output import echo, echo_error, echo_note
from supportdesk.cli.param_types import ReferenceParam
from supportdesk.cli.refusal_text import refusal_message
from supportdesk.tickets.command import ArgumentType, TicketCommand
from supportdesk.tickets.refusal import Refusal

if TYPE_CHECKING:
    from supportdesk.desk_api import DeskApi, Queries
    from supportdesk.store.read_models import TicketView

SEVERAL = (
    "Several references are handled one by one: if one is refused, the others are carried out and the exit code"
    " is 2."
)


TEST, ATTACH = "test", "attach"
UNDO = (
    "Without REF it undoes your last change to a record: a member of staff, a customer, a contact, a release, an"
    " article, the rota, a day or a policy. Due times that changed with it change back, and the tickets record it."
)


def ticket_command(command: type[TicketCommand]) -> click.Command:
    """Return the click command of a desk's command."""

    @click.pass_context
    @pass_cli_context
    def run(context: CliContext, ctx: click.Context, /, refs: tuple[str, ...], **given: Any) -> None:
        if given.pop(TEST, False):
            from supportdesk.cli.commands.acknowledge_test import acknowledge_test_page

            acknowledge_test_page(context)
            if not refs:
                return
        if not refs and command.verb != "undo":
            raise BadRequestError("Give the reference of a ticket, or --test for the test page of the month.")
        if not refs:
            from supportdesk.cli.commands.undo_record import undo_last_change

            undo_last_change(context)
        elif not _run_on_all(context, command, tuple(dict.fromkeys(refs)), given):
            ctx.exit(BAD_REQUEST)

    undo, tested = command.verb == "undo", command.verb == "acknowledge"
    metavar = "[REF]..." if undo or tested else "REF..."
    return click.Command(
        command.verb,
        callback=run,
        params=[
            click.Argument(
                ["refs"], metavar=metavar, type=ReferenceParam(), nargs=-1, required="[" not in metavar
            ),
            *(option_for(argument) for argument in command.arguments()),
            *([_test_option()] if tested else []),
            *([_attach_option()] if command.verb == "reply" else []),
        ],
        help="\n\n".join(filter(None, (command.help_text(), UNDO if undo else "", SEVERAL))),
        short_help=command.help_text(),
    )


def _test_option() -> click.Option:
    return click.Option(
        [f"--{TEST}"], is_flag=True, help="Acknowledge the test page of the month, which is about no ticket."
    )


def _attach_option() -> click.Option:
    return click.Option(
        [f"--{ATTACH}"],
        metavar="FILE",
        multiple=True,
        help="A file that goes with the reply, where replies are mailed; at most 10 MB in all. May be repeated.",
    )


def _read_attachments(paths: tuple[str, ...]) -> dict[str, Any]:
    """Return the files as an argument of the command; nothing without any."""
    if not paths:
        return {}
    from supportdesk.attachments.chosen_file import read_files

    try:
        return {"attachments": read_files(paths)}
    except OSError as error:
        raise BadRequestError(f"{error.filename} cannot be attached: {error.strerror}.") from error


def _run_on_all(
    context: CliContext, command: type[TicketCommand], refs: tuple[str, ...], given: dict[str, Any]
) -> bool:
    done = True
    attached = _read_attachments(given.pop(ATTACH, ()))
    with context.desk() as desk:
        actor = context.operator(desk).username
        known = command_fields(desk, command, given)
        _require_options(command, known)
        for ref in refs:
            refusal = _run_on_ticket(context, desk, command(ref=ref, **known, **attached), actor)
            if refusal is not None:
                echo_error(f"{ref}: {refusal}")
                done = False
    return done


def _require_options(command: type[TicketCommand], known: dict[str, Any]) -> None:
    """Raise BadRequestError, which names the options, for a command that does nothing without them."""
    if command.verb == "assign" and not (known["owner"] or known["team"]):
        raise BadRequestError("Say who gets it: give --owner NAME, --team TEXT, or both.")
    if command.verb == "resolve" and not known["text"].strip():
        raise BadRequestError("Say what you tell the customer: give it with --text, or pipe it in.")


def _run_on_ticket(context: CliContext, desk: DeskApi, command: TicketCommand, actor: str) -> str | None:
    """Run a command and print its timeline entries. Returns the reason if it is refused, else None."""
    # Imported here because shell completion waits for the imports above.
    from supportdesk.desk_api import UnknownTicketError

    try:
        known = desk.ticket(command.ref)
    except UnknownTicketError:
        return "no ticket has this reference"
    try:
        command = _with_contact_keys(desk, known, command)
    except BadRequestError as error:
        return error.message
    outcome = desk.do(command, by=actor)
    if isinstance(outcome, Refusal):
        return refusal_message(outcome)
    since = known.timeline[-1].seq if known.timeline else 0
    view = desk.ticket(command.ref)
    for entry in view.timeline:
        if since < entry.seq <= outcome.seq and entry.actor == actor:
            echo(f"{command.ref}  {entry.name}  {_first_line(entry.sentence)}")
    if command.verb in ("assign", "handover"):
        _warn_of_absence(desk, command, actor)
    if command.verb == "duplicate":
        _warn_of_other_customer(desk, view, command)
    if view.ticket.page_open and len(view.pages) > len(known.pages):
        from supportdesk.cli import read_back

        policy = desk.policies[view.row.policy]
        echo("\n".join(read_back.read_back_lines(context, desk, view, policy, desk.now())))
    return None


def _warn_of_absence(desk: DeskApi, command: TicketCommand, actor: str) -> None:
    from supportdesk.tickets.process.assignment import find_receiver
    from supportdesk.tickets.rota.away import warn_of_absence

    receiver, now = find_receiver(command), desk.now()
    if receiver not in ("", actor):
        zone = desk.policy_at(now).timezone
        if warning := warn_of_absence(desk.roster().reference_data, receiver, zone, now):
            echo_note(warning)


def _warn_of_other_customer(desk: Queries, view: TicketView, command: TicketCommand) -> None:
    from supportdesk.tickets.process.linking import MarkDuplicate, describe_customers

    assert isinstance(command, MarkDuplicate)
    other = desk.ticket(command.of)
    customers = view.organisation.name, other.ticket.ref, other.organisation.name
    if warning := describe_customers(view.ticket.ref, *customers):
        echo_note(warning)


def _with_contact_keys(desk: Queries, view: TicketView, command: TicketCommand) -> TicketCommand:
    """Return the command with contact keys in place of names, numbers and addresses.

    Raises BadRequestError, with similar contacts, for a contact that the ticket's customer does not have.
    """
    from supportdesk.cli import lookup

    changes = {}
    for argument in command.arguments():
        typed = getattr(command, argument.name) if argument.value_type is ArgumentType.CONTACT else ""
        if typed:
            contact = lookup.find_contact_or_none(desk, view.organisation.key, typed)
            if contact is None:
                near = lookup.find_similar_contacts(desk, view.organisation.key, typed)
                raise BadRequestError(lookup.describe_missing_contact(view.organisation, typed, near))
            changes[argument.name] = contact.key
    return replace(command, **changes)


def _first_line(text: str) -> str:
    first, _, more = text.partition("\n")
    return f"{first} …" if more else first
