"""The form that adds what a caller said on a voicemail to a ticket, in the operator's words."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from textual.content import Content

from supportdesk.console.commands.command_form import CommandForm
from supportdesk.console.intake.drafts import Decision
from supportdesk.console.terminal.safe_text import safe
from supportdesk.console.voicemail.drafts import keep_draft
from supportdesk.console.voicemail.text import describe_kind, name_caller
from supportdesk.tickets.process.customer_message import VOICEMAIL, AddCustomerMessage

if TYPE_CHECKING:
    from supportdesk.console.forms.context import CommandContext
    from supportdesk.console.voicemail.reader import OpenedVoicemail
    from supportdesk.store.read_models import TicketView
    from supportdesk.tickets.command import TicketCommand


class VoicemailAdditionForm(CommandForm):
    """Adds a voicemail to a ticket and settles it; the `context` is that of a `MessageSettlement`."""

    def __init__(self, context: CommandContext, opened: OpenedVoicemail, view: TicketView) -> None:
        caller = opened.caller.contact if opened.caller is not None else None
        is_theirs = caller is not None and caller.organisation == view.organisation.key
        preset = {"channel": VOICEMAIL, "contact": caller if is_theirs else None}
        super().__init__(context, AddCustomerMessage, view, preset)
        self._opened = opened
        self.draft_keeper = keep_draft(context, opened.message.key, Decision.ADD, view.ticket.ref)

    def about(self) -> Content:
        """Return the ticket, whose voicemail it is, and what a program wrote down of it."""
        text = f"Write what {name_caller(self._opened)} said."
        return Content("\n").join([super().about(), safe(text)])

    def command(self) -> TicketCommand:
        """Return the command, by voicemail whatever the field says: that is how it came."""
        command = super().command()
        assert isinstance(command, AddCustomerMessage)
        return replace(command, channel=VOICEMAIL)


def describe_addition(opened: OpenedVoicemail) -> str:
    """Return what is added to a ticket, for the question to which one."""
    return f"The {describe_kind(opened.message)} of {name_caller(opened)}"


async def open_addition(context: CommandContext, opened: OpenedVoicemail, ref: str) -> VoicemailAdditionForm:
    """Return the form that adds a voicemail to a ticket. Raises DeskUnavailableError and UnknownTicketError."""
    view = await asyncio.to_thread(context.desk.ticket, ref)
    return VoicemailAdditionForm(context, opened, view)
