"""Opens the form of what the operator decides about a message, and says what came of it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from supportdesk.console.dialogs.sequence import DialogSequence
from supportdesk.console.intake.drafts import Decision, UnfinishedDecision, forget_draft
from supportdesk.console.intake.settlement import MessageSettlement
from supportdesk.console.intake.views import why_settled
from supportdesk.console.keys.refusal_text import bound_key
from supportdesk.desk_api import Applied, DeskUnavailableError, UnknownTicketError
from supportdesk.intake.sender import describe_sender

if TYPE_CHECKING:
    from textual.screen import Screen

    from supportdesk.console.commands.feature_screen import FeatureScreen
    from supportdesk.console.commands.screen_client import ScreenClient
    from supportdesk.console.forms.context import CommandContext
    from supportdesk.console.intake.original import Original
    from supportdesk.console.keys.type_ahead import KeyHold, SerializedKeys
    from supportdesk.tickets.incoming_message import IncomingMessage


class DecisionRunner:
    """Runs decisions for one screen. `read_original` returns what a message says."""

    def __init__(
        self,
        screen: FeatureScreen[Any],
        client: ScreenClient,
        read_original: Callable[[IncomingMessage], Awaitable[Original]],
    ) -> None:
        self._screen = screen
        self._client = client
        self._read_original = read_original

    async def run(self, message: IncomingMessage, decision: Decision, typed: KeyHold) -> None:
        """Carry out a decision of the operator, with a form; show why there is nothing to decide."""
        await self.go_on(message, UnfinishedDecision(message.key, decision), typed)

    async def go_on(self, message: IncomingMessage, decision: UnfinishedDecision, typed: KeyHold) -> None:
        """Do the same for a decision that may have been begun before: its ticket is known then."""
        app: SerializedKeys = self._screen.app  # type: ignore[assignment]
        with DialogSequence(app, typed) as dialogs:
            try:
                form = await self._prepare(dialogs, message, decision)
            except (DeskUnavailableError, UnknownTicketError) as error:
                form = str(error)
            if isinstance(form, str):
                self._refuse(dialogs, form)
                return
            applied = await dialogs.finish(form)
        if isinstance(applied, Applied):
            self._screen.show_message(self._describe(message, decision.decision, applied), False)

    def _refuse(self, dialogs: DialogSequence, why: str) -> None:
        """Show why no form opens, for which keys may have been typed."""
        if why:
            dialogs.refuse()
            self._screen.show_message(why, True)

    async def _prepare(
        self, dialogs: DialogSequence, message: IncomingMessage, decision: UnfinishedDecision
    ) -> Screen[Any] | str:
        """Return the form of a decision; or why there is none, which is empty where the operator has left."""
        if why := why_settled(message, self._screen.session.keys):
            forget_draft(self._screen.session.drafts, decision)
            return why
        context = MessageSettlement(self._client, message).context_for(self._screen.session)
        match decision.decision:
            case Decision.LOG:
                return await self._log(context, message)
            case Decision.ADD:
                return await self._add(dialogs, context, message, decision.ref)
            case Decision.ENROL:
                return await self._enrol(context, message)
            case Decision.REFUSE:
                from supportdesk.console.intake.refusal_form import RefusalForm

                return RefusalForm(context, message)

    async def _log(self, context: CommandContext, message: IncomingMessage) -> Screen[Any]:
        from supportdesk.console.intake.log_form import MessageLogForm
        from supportdesk.intake.sender import find_sender

        original = await self._read_original(message)
        sender = await asyncio.to_thread(find_sender, context.desk, message)
        return MessageLogForm(context, message, original, sender)

    async def _add(
        self, dialogs: DialogSequence, context: CommandContext, message: IncomingMessage, ref: str
    ) -> Screen[Any] | str:
        from supportdesk.console.intake.addition_form import describe_addition, open_addition
        from supportdesk.console.intake.ticket_dialog import ask_for_ticket

        ref = ref or await ask_for_ticket(dialogs, context.desk, describe_addition(message))
        return await open_addition(context, message, await self._read_original(message), ref) if ref else ""

    async def _enrol(self, context: CommandContext, message: IncomingMessage) -> Screen[Any] | str:
        from supportdesk.console.intake.enrolment_form import EnrolmentForm

        address = message.sender_address
        if not address:
            return "The message does not say who sent it, so nobody can be enrolled."
        known = await asyncio.to_thread(context.desk.contacts_with_email, address)
        if known:
            key = bound_key("intake.ticket", context.keys)
            return (
                f"{address} is the address of {known[0].name} already; {key} logs a ticket for the message."
            )
        return EnrolmentForm(context, message)

    def _describe(self, message: IncomingMessage, decision: Decision, applied: Applied) -> str:
        keys = self._screen.session.keys
        match decision:
            case Decision.LOG | Decision.ADD if applied.ref is not None:
                return f"The message is on {applied.ref} now."
            case Decision.ENROL:
                log, add = bound_key("intake.ticket", keys), bound_key("intake.add", keys)
                return (
                    f"{describe_sender(message)} is enrolled. The message still waits: {log} logs a ticket for it,"
                    f" {add} adds it to one."
                )
        return "The message is refused."
