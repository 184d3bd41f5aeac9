"""The form that logs a ticket for a voicemail, with the caller and the time filled in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textual.content import Content

from supportdesk.console.calls.following_form import open_following
from supportdesk.console.calls.log_form import LogRequestForm
from supportdesk.console.forms.form import Form
from supportdesk.console.intake.drafts import Decision
from supportdesk.console.search import searches
from supportdesk.console.terminal.safe_text import safe
from supportdesk.console.voicemail.addition_form import open_addition
from supportdesk.console.voicemail.drafts import keep_draft
from supportdesk.console.voicemail.text import describe_kind, name_caller
from supportdesk.sla.formatting import exact_time
from supportdesk.tickets.process.customer_message import VOICEMAIL

if TYPE_CHECKING:
    from supportdesk.console.forms.context import CommandContext
    from supportdesk.console.keys.type_ahead import KeyHold
    from supportdesk.console.voicemail.reader import OpenedVoicemail


class VoicemailLogForm(LogRequestForm):
    """Logs a ticket and settles the voicemail; the `context` is that of a `MessageSettlement`."""

    def __init__(self, context: CommandContext, opened: OpenedVoicemail) -> None:
        super().__init__(context)
        self._opened = opened
        self.draft_keeper = keep_draft(context, opened.message.key, Decision.LOG)

    def about(self) -> Content:
        """Return whose voicemail it is, and that it is settled."""
        what = f"The {describe_kind(self._opened.message)} of {name_caller(self._opened)}"
        return safe(f"{what} is settled with this ticket.")

    def on_mount(self) -> None:
        """Fill in what is known, before a draft is restored."""
        self.restore({**self.raw_values, **self._known_values()})

    def _known_values(self) -> dict[str, Any]:
        """Return raw values of the fields by name, as far as they are known."""
        message, caller, policy = self._opened.message, self._opened.caller, self.context.policy
        values: dict[str, Any] = {"received_at": exact_time(message.received_at, self.context.zone)}
        if caller is None:
            values["contact_telephone"] = message.sender_address
        else:
            roster = self.context.roster
            values["organisation"] = ("", searches.make_organisation_candidate(caller.organisation, roster))
            values["contact"] = ("", searches.make_contact_candidate(caller.contact))
        if any(each.key == VOICEMAIL for each in policy.channels):
            values["channel"] = VOICEMAIL
        return values

    async def _go_to_ticket(self, ref: str, typed: KeyHold) -> None:
        """Add the voicemail to a ticket of the customer that was picked instead of a new one."""
        done = await open_following(self, open_addition(self.context, self._opened, ref), typed)
        if done is not None:
            self.draft_keeper.discard()
            await Form.after_submit(self, done)
