"""What the lock screen says besides the figures of the header: references, severities and times, never a text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from supportdesk.console.keys.refusal_text import bound_key
from supportdesk.console.paging.open_page import is_for_operator
from supportdesk.sla.clocks import instant
from supportdesk.sla.formatting import at_near_time

if TYPE_CHECKING:
    from supportdesk.console.session import Session
    from supportdesk.store.read_models import DueTicket, QueueRow

MOST_PAGES = 3
"""How many pages are named; of the others there is the number."""


def find_alarms(session: Session, overdue: Sequence[DueTicket], *, rings: bool) -> Iterator[str]:
    """Yield what the operator must see though the console is locked, the most urgent first.

    `overdue` are the tickets on which a watcher should have acted, and `rings` says whether a call is ringing.
    """
    if rings:
        yield f"An incoming call: unlock, then {bound_key('desk.answer', session.keys)} answers it."
    if session.read_only_reason is None:
        yield from _find_pages(session)
    if overdue:
        more = f", and {len(overdue) - 1} more" if len(overdue) > 1 else ""
        due = at_near_time(overdue[0].due, session.zone, session.now())
        yield f"{overdue[0].ref}{more}: due {due}, and no watcher has acted on it. Unlock to see whom to tell."


def _find_pages(session: Session) -> Iterator[str]:
    index = session.model.index
    rows = (index.entries[ref].row for ref in index.paging if not session.is_escalation_stopped(ref))
    pages = [row for row in rows if is_for_operator(row, session)]
    pages.sort(key=lambda row: (session.desk.policies[row.policy].rank(row.severity), row.paged_since or 0))
    for row in pages[:MOST_PAGES]:
        yield _describe_page(row, session)
    if (others := len(pages) - MOST_PAGES) > 0:
        yield f"You are paged for {others} more {'ticket' if others == 1 else 'tickets'}."


def _describe_page(row: QueueRow, session: Session) -> str:
    names = {each.key: each.name for each in session.desk.policies[row.policy].severities}
    since = (
        f" {at_near_time(instant(row.paged_since), session.zone, session.now())}" if row.paged_since else ""
    )
    about = f"{row.ref}, {names.get(row.severity, row.severity)}"
    if session.username in row.paged:
        return f"You are paged for {about}: paged{since}."
    return f"Nobody was paged for {about}{since}, and you are on call now."
