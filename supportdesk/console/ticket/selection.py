"""The ticket that is shown, and what has been loaded of it so far."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from supportdesk.console.session import Session
    from supportdesk.console.ticket.context import TicketContext
    from supportdesk.sla.clocks import ClockKind
    from supportdesk.sla.explain import Explanation
    from supportdesk.store.read_models import QueueRow, TicketView
    from supportdesk.tickets.escalation.explanation import EscalationExplanation


class TicketSelection:
    """Follows the queue's cursor, or stays at a pinned ticket until `unpin`."""

    def __init__(self) -> None:
        self._pinned: TicketView | None = None
        self._view: TicketView | None = None
        self._escalation: EscalationExplanation | None = None
        self._explanations: tuple[str, Mapping[ClockKind, Explanation]] = ("", {})
        self._context: TicketContext | None = None
        self._outdated = False

    @property
    def row(self) -> QueueRow | None:
        """The pinned ticket; None while the cursor is followed."""
        return self._pinned.row if self._pinned is not None else None

    def pin(self, view: TicketView) -> None:
        """Show this ticket wherever the cursor is."""
        self._pinned = self._view = view
        self._escalation = None

    def unpin(self) -> bool:
        """Follow the cursor again. Returns False if no ticket was pinned."""
        left, self._pinned = self._pinned is not None, None
        return left

    def set_ticket(self, view: TicketView, escalation: EscalationExplanation | None) -> None:
        """Save a loaded ticket, with its escalation if that was loaded."""
        self._view, self._escalation, self._outdated = view, escalation, False
        if self._pinned is not None and self._pinned.row.ref == view.row.ref:
            self._pinned = view

    def set_explanations(self, ref: str, explanations: Mapping[ClockKind, Explanation]) -> None:
        """Save the explanations of a ticket's clocks."""
        self._explanations = (ref, explanations)

    def context(self, session: Session, row: QueueRow | None) -> TicketContext | None:
        """Return what is loaded of the ticket that is shown; `row` is the one under the cursor.

        The same object is returned until more is loaded.
        """
        if self._pinned is not None:
            row = self._pinned.row
        if row is None:
            self._context = None
            return None
        view = self._view if self._view is not None and self._view.row.ref == row.ref else None
        ref, explanations = self._explanations
        context = self._context
        same = context is not None and context.row is row and context.view is view
        if context is None or not same or (ref == row.ref and context.explanations is not explanations):
            escalation = self._escalation if view is not None else None
            self._context = _context(session, row, view, explanations if ref == row.ref else {}, escalation)
        return self._context

    def forget(self) -> None:
        """Build a new context next time: the session has changed."""
        self._context = None

    def mark_outdated(self) -> None:
        """Note that the ticket has to be loaded again; it is shown until then."""
        self._outdated = True

    def needs_load(self, context: TicketContext) -> bool:
        """Return whether the ticket has to be loaded: it has not been yet, or has changed since."""
        return (
            self._outdated or context.view is None or context.view.row.changed_seq < context.row.changed_seq
        )


def _context(
    session: Session,
    row: QueueRow,
    view: TicketView | None,
    explanations: Mapping[ClockKind, Explanation],
    escalation: EscalationExplanation | None,
) -> TicketContext:
    from supportdesk.console.ticket.context import TicketContext

    return TicketContext(
        row=row,
        policy=session.desk.policies.get(row.policy, session.policy),
        view=view,
        explanations=explanations,
        escalation=escalation,
        neighbours=partial(_neighbours, session, row),
        staff={person.username: person for person in session.roster.staff},
        settings=session.settings,
        keys=session.keys if session.read_only_reason is None else (),
    )


def _neighbours(session: Session, row: QueueRow) -> Sequence[QueueRow]:
    """Return the other open tickets of a ticket's customer."""
    entries = session.model.index.entries.values()
    return [
        entry.row
        for entry in entries
        if entry.is_open and entry.row.organisation == row.organisation and entry.row.ref != row.ref
    ]
