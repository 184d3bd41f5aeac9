"""The form that logs a ticket for a message, with what is known of its sender and its text filled in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textual.content import Content

from supportdesk.console.calls.following_form import open_following
from supportdesk.console.calls.log_form import LogRequestForm
from supportdesk.console.forms.form import Form
from supportdesk.console.intake.addition_form import open_addition
from supportdesk.console.intake.drafts import Decision, keep_draft
from supportdesk.console.search import searches
from supportdesk.console.terminal.safe_text import safe
from supportdesk.intake.sender import describe_sender
from supportdesk.sla.formatting import exact_time
from supportdesk.tickets.command import LINE_LIMIT
from supportdesk.tickets.plain_text import clean_line
from supportdesk.tickets.process.customer_message import EMAIL

if TYPE_CHECKING:
    from supportdesk.console.forms.context import CommandContext
    from supportdesk.console.intake.original import Original
    from supportdesk.console.keys.type_ahead import KeyHold
    from supportdesk.intake.sender import KnownSender
    from supportdesk.store.read_models import Roster
    from supportdesk.tickets.incoming_message import IncomingMessage


class MessageLogForm(LogRequestForm):
    """Logs a ticket and settles the message; the `context` is that of a `MessageSettlement`."""

    def __init__(
        self,
        context: CommandContext,
        message: IncomingMessage,
        original: Original,
        sender: KnownSender | None,
    ) -> None:
        super().__init__(context)
        self._message, self._original, self._sender = message, original, sender
        self.draft_keeper = keep_draft(context, message.key, Decision.LOG)

    def about(self) -> Content:
        """Return whose message it is, and that it is settled."""
        return safe(f"The message of {describe_sender(self._message)} is settled with this ticket.")

    def on_mount(self) -> None:
        """Fill in what the message says, before a draft is restored."""
        self.restore(self._known_values(self.context.roster))

    def _known_values(self, roster: Roster) -> dict[str, Any]:
        """Return raw values of the fields by name, as far as the message gives them."""
        message, sender, policy = self._message, self._sender, self.context.policy
        customer = contact = None
        if sender is not None:
            customer = searches.make_organisation_candidate(sender.organisation, roster)
            contact = searches.make_contact_candidate(sender.contact)
        values: dict[str, Any] = {
            "organisation": ("", customer),
            "contact": ("", contact),
            "contact_email": message.sender_address if sender is None else "",
            "summary": clean_line(self._original.summary, LINE_LIMIT).text,
            "description": self._original.description,
            "received_at": exact_time(message.received_at, self.context.zone),
        }
        if any(each.key == EMAIL for each in policy.channels):
            values["channel"] = EMAIL
        return values

    async def _go_to_ticket(self, ref: str, typed: KeyHold) -> None:
        """Add the message to a ticket of the customer that was picked instead of a new one."""
        form = open_addition(self.context, self._message, self._original, ref)
        done = await open_following(self, form, typed)
        if done is not None:
            self.draft_keeper.discard()
            await Form.after_submit(self, done)
