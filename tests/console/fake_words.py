"""Small questions that the desk in memory asks."""

from __future__ import annotations

from supportdesk.tickets.case import Act
from supportdesk.tickets.events import TakenBack, TicketEvent


def found(text: str, name: str) -> bool:
    return text.casefold() in name.casefold()


def is_undo(act: Act) -> bool:
    return any(isinstance(event, TakenBack) for event in act.events)


def tag(event: TicketEvent) -> str:
    return str(event.__struct_config__.tag)
