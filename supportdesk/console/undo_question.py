"""The question before something is undone on a ticket that the operator does not look at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from supportdesk.console.outcome_words import what_was_done
from supportdesk.sla.words import near_time

if TYPE_CHECKING:
    from supportdesk.console.screens.confirm import Confirm
    from supportdesk.console.session import Session
    from supportdesk.store.views import TicketView


def question_before_undo(view: TicketView, session: Session) -> Confirm:
    """Return the question that names the ticket and all that the operator's last command did to it."""
    from supportdesk.console.screens.confirm import Confirm

    ticket, mine = view.ticket, [each for each in view.timeline if each.actor == session.username]
    last = mine[-1]
    before = max(
        (each.seq for each in view.timeline if each.at < last.at or each.actor != last.actor), default=0
    )
    did = what_was_done(view, before, session.username, briefly=True)
    at = near_time(last.at, session.zone, session.now())
    told = f"{ticket.ref} · {view.organisation.name} · {ticket.summary}\nAt {at} you {did}. This is undone."
    return Confirm(f"Undo what you did to {ticket.ref}?", told, "Undo it")
