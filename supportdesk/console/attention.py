"""What asks for this operator and nobody else: a page that is out for them, a ticket that somebody offers them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from supportdesk.console.key_names import written
from supportdesk.tickets.ticket import Stage

if TYPE_CHECKING:
    from datetime import datetime

    from textual.screen import Screen

    from supportdesk.console.commanding import Commanding
    from supportdesk.console.session import Session
    from supportdesk.store.views import QueueRow


class Attention:
    """Asks for the operator's attention at one screen. `say` tells them."""

    def __init__(
        self, screen: Screen[None], commanding: Commanding, say: Callable[[str, bool], None]
    ) -> None:
        self._screen = screen
        self._commanding = commanding
        self._say = say
        self._told: dict[str, datetime] = {}
        """Since when each page was out of which the operator has been told."""

    async def begin(self, session: Session) -> str | None:
        """The gravest ticket for which the operator is paged already; says so."""
        groups = session.model.book.groups.values()
        paged = [entry.row for group in groups for entry in group if entry.row.page_open]
        for row in paged:
            if await self._tell_of_page(session, row.ref):
                return row.ref
        return None

    def heed(self, session: Session, rows: Iterable[QueueRow]) -> None:
        """Looks at rows before the queue takes them in: what is new for the operator is said."""
        known = session.model.book.entries
        for row in rows:
            before = known[row.ref].row if row.ref in known else None
            if row.page_open:
                self._screen.run_worker(self._tell_of_page(session, row.ref), group="paged")
            elif _is_offered(row, session.username) and not _is_offered(before, session.username):
                claims = next(written(key.keys) for key in session.keys if key.id == "ticket.claim")
                self._say(f"{row.ref} is offered to you: {row.summary}; {claims} claims it.", False)

    async def _tell_of_page(self, session: Session, ref: str) -> bool:
        from supportdesk.console.paged import is_paged, told_of_page

        view = await self._commanding.read(ref)
        if view is None or not is_paged(session.username, view):
            return False
        assert view.ticket.page is not None
        since = view.ticket.page.since
        if self._told.get(ref) != since:
            self._told[ref] = since
            self._say(told_of_page(view, session), True)
        return True


def _is_offered(row: QueueRow | None, username: str) -> bool:
    """Whether the ticket is this person's to accept."""
    return row is not None and row.owner == username and row.stage == Stage.ASSIGNMENT
