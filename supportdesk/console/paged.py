"""The page that is out for a ticket: for whom it is, and whether somebody else should answer it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from supportdesk.sla.words import near_time

if TYPE_CHECKING:
    from supportdesk.console.screens.confirm import Confirm
    from supportdesk.console.session import Session
    from supportdesk.store.views import QueueRow, TicketView


def is_for_operator(row: QueueRow, session: Session) -> bool:
    """Whether the operator is paged and has not acknowledged, or is on duty by now where the page found nobody."""
    if not row.is_paging:
        return False
    return row.paged == session.username or (row.paged is None and is_on_duty(session))


def is_on_duty(session: Session) -> bool:
    """Whether a page goes to the operator at this minute."""
    person = session.roster.duty.person
    return person is not None and person.username == session.username


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
    """Return what the notice says: `CD-4C01-T: you are paged since 02:58 GMT. Nobody can log in`.

    Where the page found nobody: `CD-4C01-T: nobody was paged at 02:58 GMT, and you are on call now. Nobody can ...`
    """
    page = view.ticket.page
    assert page is not None
    since = near_time(page.since, session.zone, session.now())
    if page.person is None:
        role = "on call" if session.roster.duty.rung is None else "the last resort"
        told = f"nobody was paged at {since}, and you are {role} now"
    else:
        told = f"you are paged since {since}"
    return f"{view.ticket.ref}: {told}. {view.ticket.summary}"
