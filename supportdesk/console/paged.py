"""The page that is out for a ticket: for whom it is, and whether somebody else should answer it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from supportdesk.sla.words import near_time

if TYPE_CHECKING:
    from supportdesk.console.screens.confirm import Confirm
    from supportdesk.console.session import Session
    from supportdesk.store.views import TicketView


def is_paged(username: str, view: TicketView) -> bool:
    """Whether this person is to be told of the ticket and nobody has acknowledged."""
    page = view.ticket.page
    return page is not None and view.ticket.page_open and page.person == username


def paged_person(view: TicketView, operator: str) -> str | None:
    """The username of somebody other than the operator who is paged and has not acknowledged; None where nobody is."""
    page = view.ticket.page
    return page.person if page is not None and view.ticket.page_open and page.person != operator else None


def question_before(paged: str, view: TicketView, session: Session) -> Confirm:
    """The question before somebody else's page is acknowledged, which names them (rule 17)."""
    from supportdesk.console.screens.confirm import Confirm

    assert view.ticket.page is not None
    name = next((each.name for each in session.roster.staff if each.username == paged), paged)
    since = near_time(view.ticket.page.since, session.zone, session.now())
    told = f"{name} is paged since {since} and has not acknowledged. If you do, nobody else is paged."
    return Confirm(f"Acknowledge {view.ticket.ref} for {name}?", told, f"Acknowledge for {name}")


def told_of_page(view: TicketView, session: Session) -> str:
    """Return what the notice says: `CD-4C01-T: you are paged since 02:58 GMT. Nobody can log in`."""
    assert view.ticket.page is not None
    since = near_time(view.ticket.page.since, session.zone, session.now())
    return f"{view.ticket.ref}: you are paged since {since}. {view.ticket.summary}"
