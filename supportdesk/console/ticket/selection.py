"""Which ticket is looked at, and what has been read of it so far."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from supportdesk.console.session import Session
    from supportdesk.console.ticket.context import TicketContext
    from supportdesk.sla.clocks import Kind
    from supportdesk.sla.explain import Explanation
    from supportdesk.store.read_models import QueueRow, TicketView


class TicketSelection:
    """Follows the queue's cursor, or stays at a ticket that is not in the queue until that is left."""

    def __init__(self) -> None:
        self._apart: TicketView | None = None
        self._view: TicketView | None = None
        self._explanations: tuple[str, Mapping[Kind, Explanation]] = ("", {})
        self._known: TicketContext | None = None
        self._outdated = False

    @property
    def row(self) -> QueueRow | None:
        """The ticket that is stayed at; None while the cursor is followed."""
        return self._apart.row if self._apart is not None else None

    def pin(self, view: TicketView) -> None:
        """Show this ticket wherever the cursor is."""
        self._apart = self._view = view

    def unpin(self) -> bool:
        """Looks at the ticket under the cursor again; False where that is so already."""
        left, self._apart = self._apart is not None, None
        return left

    def read(self, view: TicketView) -> None:
        """Takes in a ticket's timeline."""
        self._view, self._outdated = view, False
        if self._apart is not None and self._apart.row.ref == view.row.ref:
            self._apart = view

    def explained(self, ref: str, explanations: Mapping[Kind, Explanation]) -> None:
        """Takes in how the figures of a ticket's clocks came about."""
        self._explanations = (ref, explanations)

    def known(self, session: Session, row: QueueRow | None) -> TicketContext | None:
        """What is known of the ticket that is looked at; `row` is the one under the cursor.

        It is the same object for as long as nothing more is known.
        """
        if self._apart is not None:
            row = self._apart.row
        if row is None:
            self._known = None
            return None
        view = self._view if self._view is not None and self._view.row.ref == row.ref else None
        ref, explanations = self._explanations
        known = self._known
        same = known is not None and known.row is row and known.view is view
        if known is None or not same or (ref == row.ref and known.explanations is not explanations):
            self._known = _known(session, row, view, explanations if ref == row.ref else {})
        return self._known

    def forget(self) -> None:
        """Have `known` make its answer again: what it is made of besides the ticket has changed."""
        self._known = None

    def mark_outdated(self) -> None:
        """Note that what was read may not hold any more; it is shown until it has been read again."""
        self._outdated = True

    def needs_load(self, known: TicketContext) -> bool:
        """Return whether the ticket has to be read: it has not come yet, or something has changed since."""
        return self._outdated or known.view is None or known.view.row.changed_seq < known.row.changed_seq


def _known(
    session: Session, row: QueueRow, view: TicketView | None, explanations: Mapping[Kind, Explanation]
) -> TicketContext:
    from supportdesk.console.ticket.context import TicketContext

    return TicketContext(
        row=row,
        policy=session.desk.policies.get(row.policy, session.policy),
        view=view,
        explanations=explanations,
        neighbours=partial(_neighbours, session, row),
        staff={person.username: person for person in session.roster.staff},
        settings=session.settings,
        keys=session.keys,
    )


def _neighbours(session: Session, row: QueueRow) -> Sequence[QueueRow]:
    """The other open tickets of an organisation."""
    entries = session.model.index.entries.values()
    return [
        entry.row
        for entry in entries
        if entry.is_open and entry.row.organisation == row.organisation and entry.row.ref != row.ref
    ]
