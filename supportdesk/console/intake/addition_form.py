"""The form that adds a message to a ticket, as what its customer wrote."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from textual.content import Content

from supportdesk.console.commands.command_form import CommandForm
from supportdesk.console.intake.drafts import Decision, keep_draft
from supportdesk.console.terminal.safe_text import safe
from supportdesk.intake.sender import describe_sender, find_writer, name_writer
from supportdesk.store.read_models import TicketView
from supportdesk.tickets.process.customer_message import EMAIL, AddCustomerMessage

if TYPE_CHECKING:
    from supportdesk.console.forms.context import CommandContext
    from supportdesk.console.intake.original import Original
    from supportdesk.desk_api import DeskReader
    from supportdesk.tickets.documents import Contact
    from supportdesk.tickets.incoming_message import IncomingMessage


class MessageAdditionForm(CommandForm):
    """Adds a message to a ticket and settles it; the `context` is that of a `MessageSettlement`."""

    def __init__(
        self,
        context: CommandContext,
        message: IncomingMessage,
        text: str,
        view: TicketView,
        writer: Contact | None,
    ) -> None:
        preset = {"text": text, "contact": writer}
        super().__init__(context, AddCustomerMessage, view, preset, {"channel": EMAIL})
        self._message = message
        self.draft_keeper = keep_draft(context, message.key, Decision.ADD, view.ticket.ref)

    def about(self) -> Content:
        """Return the ticket, and that the message is settled."""
        text = f"The message of {describe_sender(self._message)} is settled with this."
        return Content("\n").join([super().about(), safe(text)])


def describe_addition(message: IncomingMessage) -> str:
    """Return what is added to a ticket, for the question to which one."""
    return f"The message of {describe_sender(message)}: {message.subject or '(no subject)'}"


async def open_addition(
    context: CommandContext, message: IncomingMessage, original: Original, ref: str
) -> MessageAdditionForm:
    """Return the form that adds a message to a ticket. Raises DeskUnavailableError and UnknownTicketError."""
    view, writer = await asyncio.to_thread(_read, context.desk, message, ref)
    # Nothing is left of one that was erased: who sent it alone is no message.
    text = "" if message.is_erased else name_writer(original.description, message, writer)
    return MessageAdditionForm(context, message, text, view, writer)


def _read(desk: DeskReader, message: IncomingMessage, ref: str) -> tuple[TicketView, Contact | None]:
    """Return a ticket, and the contact of its customer who has the sender's address; None where nobody has. Blocks."""
    view = desk.ticket(ref)
    return view, find_writer(desk, message, view.organisation.key)
