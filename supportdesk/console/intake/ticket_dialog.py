"""Asks for the ticket to which something that arrived is added, before the form that does it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from supportdesk.console.forms.ticket_field import TicketField
from supportdesk.console.forms.value_dialog import ValueDialog

if TYPE_CHECKING:
    from collections.abc import Callable

    from supportdesk.console.dialogs.sequence import DialogSequence
    from supportdesk.desk_api import DeskReader


class TicketDialog(ValueDialog[str]):
    """Asks for the reference of a ticket. Dismissed with it, or None. `about` is what is added to the ticket."""

    def __init__(self, about: str, look_up: Callable[[str], str]) -> None:
        field = TicketField(
            "ref", "its reference, such as CD-4F7K-9", look_up=look_up, label="Ticket", required=True
        )
        super().__init__(field, "Add to a ticket", about, "go on")


async def ask_for_ticket(dialogs: DialogSequence, desk: DeskReader, about: str) -> str:
    """Return the reference that the operator types; empty where they leave."""
    answer: str | None = await dialogs.ask(TicketDialog(about, partial(describe_ticket, desk)))
    return answer or ""


def describe_ticket(desk: DeskReader, ref: str) -> str:
    """Return the customer and the summary of a ticket. Blocks. Raises UnknownTicketError and DeskUnavailableError."""
    view = desk.ticket(ref)
    return f"{view.organisation.name} · {view.ticket.summary}"
