"""What an empty queue says: why no ticket is shown, and how to see others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from supportdesk.console.queue import views

if TYPE_CHECKING:
    from supportdesk.console.queue.model import QueueModel

_EMPTY_VIEWS = {
    views.ALL_OPEN: "There are no open tickets.",
    views.UNASSIGNED: "There are no unassigned tickets.",
    views.MINE: "You own no open tickets.",
    views.MY_TEAM: "Your team has no open tickets.",
    views.AT_RISK_OR_BREACHED: "No tickets are at risk or breached.",
    views.ON_HOLD: "No tickets are on hold.",
    views.OUT_OF_POLICY: "No open tickets are out of policy.",
    views.PROMISED_FIXES: "No open tickets have a promised fix.",
    views.RESOLVED: "There are no resolved tickets.",
}


def empty_text(model: QueueModel) -> str:
    """Return why no ticket is shown, on one line of a narrow terminal."""
    if model.includes_closed and not model.index.closed.loaded:
        return "Loading closed tickets …"
    if model.is_searching:
        return "Searching …"
    if model.filter:
        where = "" if model.is_first_view else f" in {model.view.name}"
        return f"No tickets match{where}. To open a ticket, type its reference."
    return _EMPTY_VIEWS.get(model.view.name, f"No tickets match {model.view.filter}.")
