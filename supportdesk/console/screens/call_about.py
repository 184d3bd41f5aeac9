"""A call about a ticket that exists: it goes on that ticket's timeline."""

from __future__ import annotations

import asyncio
from typing import Any

from supportdesk.console.screens.command_form import CommandForm
from supportdesk.console.sitting import Sitting
from supportdesk.tickets.command import Refusal
from supportdesk.tickets.decide import unavailable
from supportdesk.tickets.people import Contact
from supportdesk.tickets.process.conversation import RecordCall


async def form_about(
    sitting: Sitting, ref: str, *, rang: Contact | None, said: str = ""
) -> CommandForm | Refusal:
    """The form for a call about a ticket, or why nothing can go on that one.

    `rang` is who is on the line, as far as the desk knows them, `said` what has been typed already. Raises
    DeskUnavailableError.
    """
    view = await asyncio.to_thread(sitting.door.ticket, ref)
    refusal = unavailable(RecordCall, view.ticket.stage)
    if refusal is not None:
        return Refusal(f"{ref}: {refusal.reason}, or take this as a new request and link the two")
    known: dict[str, Any] = {"text": said} if said else {}
    if rang is not None and rang.key != view.contact.key:
        known["contact"] = rang
    return CommandForm(sitting, RecordCall, view, known)
