"""The form that enrols the sender of a message as a contact of a customer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from supportdesk.console.directory.record_form import RecordForm
from supportdesk.console.directory.record_types import CONTACTS
from supportdesk.console.intake.drafts import Decision, keep_draft

if TYPE_CHECKING:
    from supportdesk.console.forms.context import CommandContext
    from supportdesk.tickets.incoming_message import IncomingMessage


class EnrolmentForm(RecordForm):
    """Adds a contact with the name and the address of a sender, which only the operator knows whose they are."""

    submit_label = "enrol"

    def __init__(self, context: CommandContext, message: IncomingMessage) -> None:
        # Nobody has checked who it is only because they wrote.
        known = {"name": message.sender_name, "email": message.sender_address, "registered": False}
        super().__init__(context, CONTACTS, preset=known)
        self.draft_keeper = keep_draft(context, message.key, Decision.ENROL)

    def heading(self) -> Content:
        """Return what the form does."""
        return Content("Enrol the sender")

    def about(self) -> Content:
        """Return what follows from it."""
        return Content(
            "What this address sends from now on becomes tickets of the contact. A sender's name and address prove"
            " nothing: be sure who it is. The message itself still waits."
        )
