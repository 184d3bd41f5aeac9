"""Opens the form of what the operator decides about a voicemail."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from supportdesk.console.dialogs.sequence import DialogSequence
from supportdesk.console.intake.drafts import Decision
from supportdesk.console.intake.settlement import MessageSettlement
from supportdesk.desk_api import Applied, DeskUnavailableError, UnknownTicketError

if TYPE_CHECKING:
    from textual.screen import Screen

    from supportdesk.console.commands.screen_client import ScreenClient
    from supportdesk.console.keys.type_ahead import KeyHold, SerializedKeys
    from supportdesk.console.session import Session
    from supportdesk.console.voicemail.reader import OpenedVoicemail


class DecisionRunner:
    """Runs the decisions of one dialog. `refuse` shows why no form opens."""

    def __init__(self, session: Session, client: ScreenClient, refuse: Callable[[str], None]) -> None:
        self._session = session
        self._client = client
        self._refuse = refuse

    async def run(
        self, opened: OpenedVoicemail, decision: Decision, ref: str, typed: KeyHold
    ) -> Applied | None:
        """Carry out a decision with its form and return what was applied; None where it was left or refused.

        `ref` is the ticket to which the voicemail is added; the operator is asked for it where it is empty.
        """
        app: SerializedKeys = self._client.screen.app  # type: ignore[assignment]
        with DialogSequence(app, typed) as dialogs:
            try:
                form = await self._open_form(dialogs, opened, decision, ref)
                applied = await dialogs.finish(form) if form is not None else None
            except (DeskUnavailableError, UnknownTicketError) as error:
                dialogs.refuse()
                self._refuse(str(error))
                return None
        return applied if isinstance(applied, Applied) else None

    async def _open_form(
        self, dialogs: DialogSequence, opened: OpenedVoicemail, decision: Decision, ref: str
    ) -> Screen[Any] | None:
        context = MessageSettlement(self._client, opened.message).context_for(self._session)
        if decision is Decision.LOG:
            from supportdesk.console.voicemail.log_form import VoicemailLogForm

            return VoicemailLogForm(context, opened)
        if decision is Decision.ADD:
            from supportdesk.console.intake.ticket_dialog import ask_for_ticket
            from supportdesk.console.voicemail.addition_form import describe_addition, open_addition

            ref = ref or await ask_for_ticket(dialogs, context.desk, describe_addition(opened))
            return await open_addition(context, opened, ref) if ref else None
        from supportdesk.console.voicemail.dismissal_form import DismissalForm

        return DismissalForm(context, opened)
