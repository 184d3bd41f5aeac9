"""How the person who is paged is reached: by the methods that are connected, or by the operator's telephone."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from supportdesk.tickets.documents import Person
from supportdesk.tickets.person_addresses import list_addresses

if TYPE_CHECKING:
    from supportdesk.console.forms.context import CommandContext
    from supportdesk.tickets.rota.duty import Duty


def page_instruction(duty: Duty, methods: Collection[str]) -> str:
    """Return how the person on duty is reached, and whether they are the last resort; see `ring_instruction`."""
    if duty.rung is None:
        return ring_instruction(duty.person, methods)
    return f"Nobody is on call; last resort: {duty.rung.name}. {ring_instruction(duty.person, methods)}"


def ring_instruction(person: Person | None, methods: Collection[str]) -> str:
    """Return how somebody is reached: `Ring Priya Nair on +44 20 ...: no pager is connected.`

    `methods` are those by which messages are sent. Where one of them reaches the person, the operator need not ring.
    """
    if person is None:
        return "Nobody is on call; set the rota, and tell a supervisor now."
    reached = find_methods(person, methods)
    if reached:
        by = ", then ".join(reached)
        more = f" If nobody acknowledges, ring {person.telephone}." if person.telephone else ""
        return f"{person.name} is paged by {by}.{more}"
    lack = "no method of sending reaches them" if methods else "no pager is connected"
    if not person.telephone:
        return f"Contact {person.name} yourself: {lack}, and no number is recorded."
    return f"Ring {person.name} on {person.telephone}: {lack}."


def find_methods(person: Person, methods: Collection[str]) -> list[str]:
    """Return the methods that reach a person, in the order of their addresses."""
    return list(dict.fromkeys(each.method for each in list_addresses(person) if each.method in methods))


def notify_ring(context: CommandContext, person: Person, ref: str, title: str) -> None:
    """Show the instruction to phone somebody in a notice, until the operator dismisses it.

    Nothing is shown where the person is paged by a method.
    """
    from supportdesk.console.widgets.notice import Notice, Rank

    if not find_methods(person, context.methods):
        text = f"{ref} {title}. {ring_instruction(person, context.methods)}"
        context.notify(Notice(f"ring {ref}", text, Rank.CALL_SOMEBODY, ref))
