"""A ticket that exists is what it is about: what was said goes on its timeline, not into another ticket."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

from supportdesk.console.screens.command_form import CommandForm
from supportdesk.console.sitting import Sitting
from supportdesk.tickets.command import Refusal, TicketCommand
from supportdesk.tickets.decide import unavailable
from supportdesk.tickets.people import Contact
from supportdesk.tickets.process.conversation import RecordCall
from supportdesk.tickets.process.triage import Note


async def form_about(
    sitting: Sitting, ref: str, *, rang: Contact | None = None, by_call: bool = True, said: str = ""
) -> CommandForm | Refusal:
    """The form for what there is about a ticket, or why nothing can go on that one.

    `rang` is who is on the line, as far as the desk knows them; what did not come `by_call` is noted. `said` has been
    typed already. Raises DeskUnavailableError.
    """
    command: type[TicketCommand] = RecordCall if by_call else Note
    view = await asyncio.to_thread(sitting.door.ticket, ref)
    refusal = unavailable(command, view.ticket.stage)
    if refusal is not None:
        return replace(refusal, why=f"{ref}: {refusal.why}")
    known: dict[str, Any] = {"text": said} if said else {}
    if by_call and rang is not None and rang.key != view.contact.key:
        known["contact"] = rang
    _add_to_draft(sitting, command.verb, ref, said)
    return CommandForm(sitting, command, view, known)


def _add_to_draft(sitting: Sitting, verb: str, ref: str, said: str) -> None:
    """Has an unfinished text on the same ticket come back together with what has been typed since."""
    draft = sitting.drafts.find(verb, ref)
    earlier = draft.typed.get("text") if draft is not None else None
    if draft is not None and said and isinstance(earlier, str) and said not in earlier:
        sitting.drafts.keep(verb, ref, replace(draft, typed={**draft.typed, "text": f"{earlier}\n{said}"}))
