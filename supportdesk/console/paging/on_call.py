"""Instructions for phoning the person who is paged, since no pager is connected."""

from __future__ import annotations

from typing import TYPE_CHECKING

from supportdesk.tickets.documents import Person

if TYPE_CHECKING:
    from supportdesk.console.forms.context import CommandContext
    from supportdesk.tickets.rota.duty import Duty


def page_instruction(duty: Duty) -> str:
    """Return the instruction for a page to the person on duty, and whether they are the last resort."""
    if duty.rung is None:
        return ring_instruction(duty.person)
    return f"Nobody is on call; last resort: {duty.rung.name}. {ring_instruction(duty.person)}"


def ring_instruction(person: Person | None) -> str:
    """Return the instruction to phone somebody: `Ring Priya Nair on +44 20 ...: no pager is connected.`"""
    if person is None:
        return "Nobody is on call; set the rota, and tell a supervisor now."
    if not person.telephone:
        return f"Contact {person.name} yourself: no pager is connected, and no number is recorded."
    return f"Ring {person.name} on {person.telephone}: no pager is connected."


def notify_ring(context: CommandContext, person: Person, ref: str, title: str) -> None:
    """Show the instruction to phone somebody in a notice, until the operator dismisses it."""
    from supportdesk.console.widgets.notice import Notice, Rank

    context.notify(
        Notice(f"ring {ref}", f"{ref} {title}. {ring_instruction(person)}", Rank.CALL_SOMEBODY, ref)
    )
