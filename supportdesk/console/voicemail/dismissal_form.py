"""The form that dismisses a voicemail, with a reason."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

from textual.content import Content

from supportdesk.console.dialogs.confirm import Confirm
from supportdesk.console.forms.field import Field
from supportdesk.console.forms.form import Form
from supportdesk.console.forms.text_fields import LineField
from supportdesk.console.intake.drafts import Decision
from supportdesk.console.terminal.safe_text import safe_lines
from supportdesk.console.voicemail.drafts import keep_draft
from supportdesk.console.voicemail.text import describe_kind, name_caller
from supportdesk.desk_api import DeskUnavailableError
from supportdesk.tickets.incoming_message import NOT_HEARD, MessageState
from supportdesk.tickets.records.incoming_commands import SettleMessage

if TYPE_CHECKING:
    from supportdesk.console.forms.context import CommandContext
    from supportdesk.console.voicemail.reader import OpenedVoicemail
    from supportdesk.tickets.command import Command


class DismissalForm(Form):
    """Asks why nothing becomes of a voicemail: its recording is kept, and the caller is not told."""

    submit_label = "dismiss"

    def __init__(self, context: CommandContext, opened: OpenedVoicemail) -> None:
        super().__init__(context, "voicemail")
        self._opened = opened
        self.draft_keeper = keep_draft(context, opened.message.key, Decision.REFUSE)

    def heading(self) -> Content:
        """Return what the form does, to a voicemail or a missed call."""
        return Content(f"Dismiss a {describe_kind(self._opened.message)}")

    def about(self) -> Content:
        """Return whose it is, and that this is final."""
        what = f"The {describe_kind(self._opened.message)} of {name_caller(self._opened)}"
        return safe_lines(f"{what}.\nThis is final: it waits no longer, and the caller is not told.")

    def fields(self) -> list[Field]:
        """Return the field for the reason."""
        hint = "why, in a sentence, such as: called back, it was a wrong number"
        return [LineField("reason", hint, required=True)]

    def command(self) -> Command:
        """Return the command that dismisses it."""
        reason = str(self.query_one("#reason", LineField).value)
        return SettleMessage(self._opened.message.key, MessageState.DISMISSED.value, reason=reason)

    async def confirm(self, command: Command) -> bool:
        """Ask first where nobody has listened to a recording by now: it may be the only word of somebody in need.

        It is not refused, as a machine may have no sound, and a transcript or the telephone system may say enough.
        """
        if not await asyncio.to_thread(self._is_unheard):
            return True
        question = Confirm(
            "Dismiss it although nobody has listened to it?",
            f"Reason: {getattr(command, 'reason', '')}\nNobody will be reminded of it any more.",
            "Dismiss",
        )
        answer: bool | None = await self.ask(question)
        return bool(answer)

    def _is_unheard(self) -> bool:
        """Return whether nobody has listened to it, as far as the desk can be read. Blocks."""
        known = self._opened.message
        with suppress(DeskUnavailableError):
            known = self.context.desk.incoming_message(known.key) or known
        return known.state in NOT_HEARD
