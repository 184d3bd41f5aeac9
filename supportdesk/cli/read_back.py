"""What to do next for a ticket: who to ring about an open page, and what to tell the caller."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from supportdesk.sla.policy import Policy
from supportdesk.store.read_models import TicketView
from supportdesk.tickets.documents import Person
from supportdesk.tickets.process.out_of_policy import find_advice

if TYPE_CHECKING:
    from supportdesk.cli.context import CliContext
    from supportdesk.desk_api import RecordQueries

LABEL = 12
"""Width of a label, in columns."""


def ring_instruction(context: CliContext, desk: RecordQueries, view: TicketView) -> str | None:
    """Return how the person with an open page is reached, or who to ring; None for a ticket without an open page."""
    if not view.ticket.page_open:
        return None
    from supportdesk.console.paging import on_call

    return on_call.ring_instruction(_paged(desk, view), context.find_methods())


def read_back_lines(
    context: CliContext, desk: RecordQueries, view: TicketView, policy: Policy, now: datetime
) -> Iterator[str]:
    """Yield labelled lines: who to ring about an open page, and what to tell the caller.

    A caller who is told to ask a super user is also told who they are.
    """
    call = ring_instruction(context, desk, view)
    if call is not None:
        yield f"{'Now':<{LABEL}}{call}"
    yield f"{'Say':<{LABEL}}{promise_to_tell(view, policy, now)}"
    if view.ticket.out_of_policy:
        yield from (f"{'':<{LABEL}}{line}" for line in _advice(view, policy).splitlines())
        caller = desk.caller(view.ticket.contact)
        if caller is not None and not caller.contact.super_user:
            from supportdesk.console.text.names import super_users_text

            yield f"Super users: {super_users_text(caller.super_users)}"


def promise_to_tell(view: TicketView, policy: Policy, now: datetime) -> str:
    """Return what to tell the caller: when the ticket is due a response and a resolution."""
    from supportdesk.console.text.clock_text import promise_speech

    return promise_speech(view.row, policy, now)


def read_back_to_json(desk: RecordQueries, view: TicketView, policy: Policy, now: datetime) -> dict[str, Any]:
    """Return the same for JSON: `ring`, `say`, and `advice`, null for a request within the policy.

    `ring` is the person to ring: null without an open page, with nulls where nobody is on call.
    """
    person = _paged(desk, view)
    paged = {
        "username": person.username if person else None,
        "name": person.name if person else None,
        "telephone": person.telephone or None if person else None,
    }
    return {
        "ring": paged if view.ticket.page_open else None,
        "say": promise_to_tell(view, policy, now),
        "advice": _advice(view, policy) or None if view.ticket.out_of_policy else None,
    }


def _paged(desk: RecordQueries, view: TicketView) -> Person | None:
    page = view.ticket.page
    return desk.person(page.person) if page is not None and page.person else None


def _advice(view: TicketView, policy: Policy) -> str:
    return find_advice(policy, view.ticket.severity, view.ticket.channel).strip()
