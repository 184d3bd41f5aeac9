"""The question before an undo on a ticket that is not the current one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from supportdesk.console.commands.outcome_text import describe_changes
from supportdesk.sla.formatting import near_time

if TYPE_CHECKING:
    from supportdesk.console.dialogs.confirm import Confirm
    from supportdesk.console.session import Session
    from supportdesk.store.read_models import TicketView


def describe_last_action(view: TicketView, username: str) -> str:
    """Return what a person's last command did to a ticket, to follow `you`; empty where there is none."""
    mine = [each for each in view.timeline if each.actor == username]
    return describe_changes(view, mine[-1].command_seq - 1, username, briefly=True) if mine else ""


def question_before_undo(view: TicketView, session: Session) -> Confirm:
    """Return the question that names the ticket and describes the operator's last command on it."""
    from supportdesk.console.dialogs.confirm import Confirm

    ticket, username = view.ticket, session.username
    last = next(each for each in reversed(view.timeline) if each.actor == username)
    at = near_time(last.at, session.zone, session.now())
    did = f"At {at} you {describe_last_action(view, username)}. This will be undone."
    consequences = f"{ticket.ref} · {view.organisation.name} · {ticket.summary}\n{did}"
    return Confirm(f"Undo your last change to {ticket.ref}?", consequences, "Undo")
