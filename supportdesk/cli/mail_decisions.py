"""`supportdesk intake log`, `add`, `enrol`, `refuse` and `settle`: what becomes of a message that waits.

They do what the keys of the console's intake do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from supportdesk.cli.context import CliContext, pass_cli_context
from supportdesk.cli.errors import BadRequestError, FailureError
from supportdesk.cli.message_settlement import settle_message
from supportdesk.cli.options import option_for, read_text
from supportdesk.cli.output import echo
from supportdesk.cli.param_types import ChoiceParam, ReferenceParam
from supportdesk.cli.records import another_option, plain_line, save_record
from supportdesk.cli.shell_complete import complete_from_desk
from supportdesk.tickets.incoming_message import SETTLED, MessageState
from supportdesk.tickets.process.triage import Log
from supportdesk.tickets.records.incoming_commands import SettleMessage
from supportdesk.tickets.typed_text import quoted

if TYPE_CHECKING:
    from supportdesk.desk_api import DeskReader
    from supportdesk.intake.mail.ticket_text import TicketText
    from supportdesk.intake.sender import KnownSender
    from supportdesk.tickets.incoming_message import IncomingMessage
    from supportdesk.tickets.records.commands import SaveContact

_CHANNEL = "email"
_LISTS = "`supportdesk intake status --state quarantine` lists those that wait"


@pass_cli_context
def _log(context: CliContext, /, key: str, contact: str | None, **given: str | None) -> None:
    from supportdesk.cli.lookup import find_severity

    with context.desk() as desk:
        message, operator = _load(desk, key), context.operator(desk).username
        sender = _find_sender(desk, message, contact)
        summary, description = given["summary"], given["description"]
        if description is not None:
            description = read_text(description)
        if summary is None or description is None:
            texts = _read_texts(desk, message, instead="give --summary and --description")
            summary = texts.summary if summary is None else summary
            description = texts.description if description is None else description
        command = Log(
            severity=find_severity(desk, given["severity"] or ""),
            channel=_CHANNEL,
            organisation=sender.organisation.key,
            contact=sender.contact.key,
            summary=plain_line(summary),
            description=description,
            received_at=message.received_at,
        )
        ref = settle_message(desk, message, command, by=operator)
    echo(ref)


def _log_options() -> list[click.Parameter]:
    """Return those of a request, of which the message says what it is about."""
    options = {
        each.name: option_for(each)
        for each in Log.arguments()
        if each.name in ("severity", "summary", "description")
    }
    options["summary"].required = False
    options["summary"].help = "What it is about, in a line; by default the subject of the message."
    options[
        "description"
    ].help = "What was written; by default the text of the message. - reads standard input."
    return [*options.values()]


log = click.Command(
    "log",
    callback=_log,
    params=[
        click.Argument(["key"]),
        click.Option(
            ["--contact"], metavar="KEY", help="Whose request it is, if no contact has the address."
        ),
        *_log_options(),
    ],
    help="Log a ticket from a message that waits, and print its reference.\n\n"
    "The customer is the one whose contact has the sender's address. The clocks start when the message was received.",
)


@click.command()
@click.argument("key")
@click.option("--ticket", "ref", type=ReferenceParam(), required=True, help="The ticket that it is about.")
@click.option(
    "--text", metavar="TEXT", help="What goes on it instead of the message's text; - reads standard input."
)
@pass_cli_context
def add(context: CliContext, /, key: str, ref: str, text: str | None) -> None:
    """Add a message that waits to a ticket, as what the customer wrote.

    Where no contact of the ticket's customer has the sender's address, the text names the sender.
    """
    from supportdesk.desk_api import UnknownTicketError
    from supportdesk.intake.sender import find_writer, name_writer
    from supportdesk.tickets.process.customer_message import EMAIL, AddCustomerMessage

    with context.desk() as desk:
        message, operator = _load(desk, key), context.operator(desk).username
        try:
            view = desk.ticket(ref)
        except UnknownTicketError as error:
            raise BadRequestError(str(error)) from error
        writer = find_writer(desk, message, view.organisation.key)
        wrote = (
            read_text(text)
            if text is not None
            else _read_texts(desk, message, instead="give --text").description
        )
        command = AddCustomerMessage(
            ref,
            text=name_writer(wrote, message, writer),
            contact=writer.key if writer is not None else "",
            channel=EMAIL,
        )
        settle_message(desk, message, command, by=operator)
    echo(f"Message {key} is on {ref} now.")


@click.command()
@click.argument("key")
@click.option(
    "--organisation",
    "customer",
    required=True,
    metavar="NAME",
    shell_complete=complete_from_desk("organisation"),
    help="The customer whose contact the sender is.",
)
@click.option("--name", metavar="NAME", help="The sender's name; by default the one in the message.")
@click.option("--registered", is_flag=True, help="Their identity has been checked.")
@another_option
@pass_cli_context
def enrol(
    context: CliContext,
    /,
    key: str,
    customer: str,
    name: str | None,
    *,
    registered: bool,
    another: bool,
) -> None:
    """Enrol the sender of a message that waits as a contact of a customer.

    What the address sends from now on becomes tickets of the contact. The message still waits: log or add it. A
    sender's name and address prove nothing: be sure who it is.
    """
    from supportdesk.cli import lookup
    from supportdesk.tickets.documents import Contact
    from supportdesk.tickets.records.commands import SaveContact

    def make(desk: DeskReader) -> SaveContact:
        message, company = (
            _load(desk, key),
            lookup.find_organisation(desk, customer, advice=lookup.ADD_ORGANISATION),
        )
        address, called = message.sender_address, plain_line(name or message.sender_name)
        if message.is_settled:
            raise BadRequestError(f"Message {key} is settled: {message.state}. Nothing is left to decide.")
        if not address:
            raise BadRequestError("The message does not say who sent it, so nobody can be enrolled.")
        if known := desk.contacts_with_email(address):
            raise BadRequestError(
                f"{address} is the address of {known[0].name} already; `supportdesk intake log {key}` logs a ticket."
            )
        if not called:
            raise BadRequestError("The message does not give the sender's name; add --name.")
        contact = Contact("", company.key, called, email=address, registered=registered)
        return SaveContact(contact, new=True, another=another)

    saved = save_record(context, make)
    echo(
        f"{saved.contact.name} is enrolled. The message still waits: `supportdesk intake log {key}` logs a ticket for"
        f" it, `supportdesk intake add {key}` adds it to one."
    )


@click.command()
@click.argument("key")
@click.option("--reason", required=True, metavar="TEXT", help="Why, in a sentence; the sender is not told.")
@pass_cli_context
def refuse(context: CliContext, /, key: str, reason: str) -> None:
    """Refuse a message that waits. That is final: it is kept, and nothing comes of it."""

    def make(desk: DeskReader) -> SettleMessage:
        return SettleMessage(_load(desk, key).key, MessageState.REFUSED, reason=plain_line(reason))

    save_record(context, make)
    echo(f"Message {key} is refused.")


@click.command()
@click.argument("key")
@click.option("--state", type=ChoiceParam(SETTLED), required=True, help="What became of it.")
@click.option(
    "--ticket", "ref", type=ReferenceParam(), help="The ticket that was logged for it, or that it is on."
)
@click.option(
    "--reason",
    default="",
    metavar="TEXT",
    help="Why, in a sentence; needed for one that is refused or dismissed.",
)
@pass_cli_context
def settle(context: CliContext, /, key: str, state: str, ref: str | None, reason: str) -> None:
    """Say what became of a message or a voicemail that waits, where that was done elsewhere. That is final.

    It puts nothing on a ticket: `supportdesk intake log` and `add` do so with mail, and `supportdesk voicemail log` and
    `add` with a voicemail.

    KEY is in the list that `supportdesk intake status --state quarantine` prints.
    """
    save_record(context, lambda desk: SettleMessage(key, state, ref, reason))
    echo(f"Message {key} is settled: {state}{f', {ref}' if ref else ''}.")


COMMANDS = (log, add, enrol, refuse, settle)


def _load(desk: DeskReader, key: str) -> IncomingMessage:
    message = desk.incoming_message(key)
    if message is None:
        raise BadRequestError(f"There is no message {quoted(key)}; {_LISTS}.")
    if message.voicemail is not None:
        raise BadRequestError(f"{key} is a voicemail; `supportdesk voicemail` logs, adds or dismisses it.")
    return message


def _find_sender(desk: DeskReader, message: IncomingMessage, contact: str | None) -> KnownSender:
    """Return whose request a message is: the `contact` that is given by key, or the one with the sender's address."""
    from supportdesk.intake.sender import KnownSender, find_sender

    if contact is None:
        sender = find_sender(desk, message)
        if sender is None:
            raise BadRequestError(
                "No one contact has the sender's address; enrol the sender first (`supportdesk intake enrol"
                f" {message.key}`), or give --contact KEY, which `supportdesk contact list` shows."
            )
        return sender
    view = desk.caller(contact)
    if view is None:
        raise BadRequestError(
            f"There is no contact {quoted(contact)}; `supportdesk contact list` shows them."
        )
    return KnownSender(view.contact, view.organisation)


def _read_texts(desk: DeskReader, message: IncomingMessage, *, instead: str) -> TicketText:
    """Return the texts of a ticket as the message has them; of one that was erased, refuse and say what to do instead.

    Without an original for another reason, there is only the subject.
    """
    if message.is_erased:
        raise BadRequestError(
            f"The text of message {message.key} was erased with a contact: {instead},"
            f" or refuse it (`supportdesk intake refuse {message.key}`)."
        )
    try:
        from supportdesk.intake.mail.parsing.parser import parse_mail
        from supportdesk.intake.mail.ticket_text import TicketText, make_ticket_text
    except ImportError as error:
        raise FailureError("Reading mail needs nh3: pip install 'supportdesk[mail]'.") from error
    content = desk.incoming_original(message.key)
    if content is None:
        return TicketText(message.subject, "")
    return make_ticket_text(parse_mail(content, now=desk.now()), message.key, message.subject)
