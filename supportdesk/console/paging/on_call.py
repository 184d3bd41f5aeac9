"""Whom to ring, and on what number: no pager is connected, so a person does it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from supportdesk.tickets.documents import Person

if TYPE_CHECKING:
    from supportdesk.console.forms.context import CommandContext
    from supportdesk.tickets.rota import Duty


def page_instruction(duty: Duty) -> str:
    """What to do about a page: whom to ring, and whether that is the last resort."""
    if duty.rung is None:
        return ring_instruction(duty.person)
    return f"Nobody is on call; last resort: {duty.rung.name}. {ring_instruction(duty.person)}"


def ring_instruction(person: Person | None) -> str:
    """What to do, as no pager is connected: `Ring Priya N. on +44 20 ...`."""
    if person is None:
        return "Nobody is on call; set the rota, and tell a supervisor now."
    if not person.telephone:
        return f"Contact {person.name} yourself: no pager is connected, and no number is recorded."
    return f"Ring {person.name} on {person.telephone}: no pager is connected."


def notify_ring(context: CommandContext, person: Person, ref: str, title: str) -> None:
    """Have the number to ring stay on the screen when a dialog is gone, until the operator has dismissed it."""
    from supportdesk.console.widgets.notice import Notice, Rank

    context.notify(
        Notice(f"ring {ref}", f"{ref} {title}. {ring_instruction(person)}", Rank.CALL_SOMEBODY, ref)
    )
