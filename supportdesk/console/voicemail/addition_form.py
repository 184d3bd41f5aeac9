"""The form that adds what a caller said on a voicemail to a ticket, in the operator's words."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from supportdesk.console.commands.command_form import CommandForm
from supportdesk.console.intake.drafts import Decision
from supportdesk.console.voicemail.drafts import keep_draft
from supportdesk.console.voicemail.text import describe_kind, name_caller
from supportdesk.tickets.process.customer_message import VOICEMAIL, AddCustomerMessage

if TYPE_CHECKING:
    from supportdesk.console.forms.context import CommandContext
    from supportdesk.console.forms.field import Field
    from supportdesk.console.voicemail.reader import OpenedVoicemail
    from supportdesk.store.read_models import TicketView


_HINTS = {"text": "what the caller said", "contact": "who called, if not the ticket's contact"}
"""The hints of the fields, by their ids."""


class VoicemailAdditionForm(CommandForm):
    """Adds a voicemail to a ticket and settles it; the `context` is that of a `MessageSettlement`."""

    def __init__(self, context: CommandContext, opened: OpenedVoicemail, view: TicketView) -> None:
        caller = opened.caller.contact if opened.caller is not None else None
        is_theirs = caller is not None and caller.organisation == view.organisation.key
        preset = {"contact": caller if is_theirs else None}
        super().__init__(context, AddCustomerMessage, view, preset, {"channel": VOICEMAIL})
        self._opened = opened
        self.draft_keeper = keep_draft(context, opened.message.key, Decision.ADD, view.ticket.ref)

    def help_text(self) -> str:
        """Return what the form does: a voicemail is not written."""
        said = f"Add what {name_caller(self._opened)} said to the ticket, in your words"
        return f"{said}; it reopens a resolved one. The {describe_kind(self._opened.message)} is settled with this."

    def fields(self) -> list[Field]:
        """Return the fields, with hints for what is said."""
        fields = super().fields()
        for each in fields:
            each.hint = _HINTS.get(each.id or "", each.hint)
        return fields


def describe_addition(opened: OpenedVoicemail) -> str:
    """Return what is added to a ticket, for the question to which one."""
    return f"The {describe_kind(opened.message)} of {name_caller(opened)}"


async def open_addition(context: CommandContext, opened: OpenedVoicemail, ref: str) -> VoicemailAdditionForm:
    """Return the form that adds a voicemail to a ticket. Raises DeskUnavailableError and UnknownTicketError."""
    view = await asyncio.to_thread(context.desk.ticket, ref)
    return VoicemailAdditionForm(context, opened, view)
