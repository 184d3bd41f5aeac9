"""Opens the form of what the operator decides about a voicemail."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from supportdesk.console.dialogs.push import push_and_wait
from supportdesk.console.intake.drafts import Decision
from supportdesk.console.intake.settlement import MessageSettlement
from supportdesk.desk_api import Applied, DeskUnavailableError, UnknownTicketError

if TYPE_CHECKING:
    from textual.screen import Screen

    from supportdesk.console.commands.screen_client import ScreenClient
    from supportdesk.console.forms.context import CommandContext
    from supportdesk.console.keys.type_ahead import KeyHold, SerializedKeys
    from supportdesk.console.session import Session
    from supportdesk.console.voicemail.reader import OpenedVoicemail


class DecisionRunner:
    """Runs the decisions of one dialog. `refuse` shows why no form opens."""

    def __init__(self, session: Session, client: ScreenClient, refuse: Callable[[str], None]) -> None:
        self._session = session
        self._client = client
        self._refuse = refuse
        self._typed: KeyHold

    async def run(
        self, opened: OpenedVoicemail, decision: Decision, ref: str, typed: KeyHold
    ) -> Applied | None:
        """Carry out a decision with its form and return what was applied; None where it was left or refused.

        `ref` is the ticket to which the voicemail is added; the operator is asked for it where it is empty.
        """
        self._typed = typed
        try:
            form = await self._open_form(opened, decision, ref)
            applied = await self._client.push_screen(form, self._typed) if form is not None else None
            return applied if isinstance(applied, Applied) else None
        except (DeskUnavailableError, UnknownTicketError) as error:
            self._typed.refuse()
            self._refuse(str(error))
            return None
        finally:
            self._typed.release()

    async def _open_form(self, opened: OpenedVoicemail, decision: Decision, ref: str) -> Screen[Any] | None:
        context = MessageSettlement(self._client, opened.message).context_for(self._session)
        if decision is Decision.LOG:
            from supportdesk.console.voicemail.log_form import VoicemailLogForm

            return VoicemailLogForm(context, opened)
        if decision is Decision.ADD:
            from supportdesk.console.voicemail.addition_form import open_addition

            ref = ref or await self._ask_for_ticket(context, opened)
            return await open_addition(context, opened, ref) if ref else None
        from supportdesk.console.voicemail.dismissal_form import DismissalForm

        return DismissalForm(context, opened)

    async def _ask_for_ticket(self, context: CommandContext, opened: OpenedVoicemail) -> str:
        """Return the reference that the operator types; empty where they leave."""
        from supportdesk.console.intake.addition_form import describe_ticket
        from supportdesk.console.voicemail.addition_form import TicketDialog

        app: SerializedKeys = self._client.screen.app  # type: ignore[assignment]

        def hold_again() -> None:
            # What is typed from now on is meant for the form.
            self._typed = app.typed.hold()

        dialog = TicketDialog(opened, partial(describe_ticket, context.desk))
        answer: str | None = await push_and_wait(app, dialog, self._typed, hold_again)
        return answer or ""
