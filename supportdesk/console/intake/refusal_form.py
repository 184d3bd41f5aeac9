"""The form that refuses a message, with a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from supportdesk.console.dialogs.confirm import Confirm
from supportdesk.console.forms.field import Field
from supportdesk.console.forms.form import Form
from supportdesk.console.forms.text_fields import LineField
from supportdesk.console.intake.drafts import Decision, keep_draft
from supportdesk.console.terminal.safe_text import safe
from supportdesk.intake.sender import describe_sender
from supportdesk.tickets.incoming_message import MessageState
from supportdesk.tickets.records.incoming_commands import SettleMessage

if TYPE_CHECKING:
    from supportdesk.console.forms.context import CommandContext
    from supportdesk.tickets.command import Command
    from supportdesk.tickets.incoming_message import IncomingMessage


class RefusalForm(Form):
    """Asks why a message is refused, and then whether it is meant: that is final."""

    submit_label = "refuse"

    def __init__(self, context: CommandContext, message: IncomingMessage) -> None:
        super().__init__(context, "intake")
        self._message = message
        self.draft_keeper = keep_draft(context, message.key, Decision.REFUSE)

    def heading(self) -> Content:
        """Return what the form does."""
        return Content("Refuse a message")

    def about(self) -> Content:
        """Return whose message it is."""
        subject = self._message.subject or "(no subject)"
        return safe(f"The message of {describe_sender(self._message)}: {subject}")

    def fields(self) -> list[Field]:
        """Return the field for the reason."""
        hint = "why, in a sentence: it is shown with the message, and not sent to anybody"
        return [LineField("reason", hint, required=True)]

    def command(self) -> Command:
        """Return the command that refuses the message."""
        reason = str(self.query_one("#reason", LineField).value)
        return SettleMessage(self._message.key, MessageState.REFUSED.value, reason=reason)

    async def confirm(self, command: Command) -> bool:
        """Ask first."""
        assert isinstance(command, SettleMessage)
        consequences = (
            f"Reason: {command.reason}\nThis is final: the message is kept, and nothing comes of it. The sender is not"
            " told."
        )
        answer: bool | None = await self.ask(Confirm("Refuse this message?", consequences, "Refuse"))
        return bool(answer)
