"""The open page of a ticket: whether it is for this operator, and how it is worded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from supportdesk.sla.formatting import at_near_time

if TYPE_CHECKING:
    from datetime import datetime

    from supportdesk.console.dialogs.confirm import Confirm
    from supportdesk.console.session import Session
    from supportdesk.store.read_models import QueueRow, TicketView
    from supportdesk.tickets.ticket import Page


def is_for_operator(row: QueueRow, session: Session) -> bool:
    """Return whether the operator is paged and has not acknowledged, or is on duty and the page found nobody."""
    if not row.is_paging:
        return False
    return session.username in row.paged or (row.nobody_paged and is_on_duty(session))


def is_on_duty(session: Session) -> bool:
    """Return whether a page sent now goes to the operator."""
    person = session.roster.duty.person
    return person is not None and person.username == session.username


def paged_person(view: TicketView, operator: str) -> str | None:
    """Return the username of the person paged first; None if the operator is paged too, or nobody is."""
    people = view.row.paged
    return people[0] if people and operator not in people else None


def page_to(view: TicketView, username: str) -> Page | None:
    """Return the open page to a person, or the one that found nobody; None if neither is open."""
    pages = view.ticket.open_pages
    return next((page for page in reversed(pages) if page.person in (username, None)), None)


def _name(username: str, session: Session) -> str:
    return next((each.name for each in session.roster.staff if each.username == username), username)


def _when(at: datetime, session: Session) -> str:
    return at_near_time(at, session.zone, session.now())


def confirm_other_persons_page(paged: str, view: TicketView, session: Session) -> Confirm:
    """Return the confirmation before another person's page is acknowledged, which names them (rule 17)."""
    from supportdesk.console.dialogs.confirm import Confirm

    page = page_to(view, paged)
    assert page is not None
    name = _name(paged, session)
    since = _when(page.since, session)
    others = [_name(each, session) for each in view.row.paged if each != paged]
    stay = f"The {'page' if len(others) == 1 else 'pages'} to {' and '.join(others)} will stay open."
    text = (
        f"{name} was paged {since} and has not acknowledged. This ends the page. "
        f"{stay if others else 'Nobody else is being paged.'}"
    )
    return Confirm(f"Acknowledge {view.ticket.ref} for {name}?", text, f"Acknowledge for {name}")


def _acknowledged_since(page: Page, view: TicketView, session: Session) -> str:
    """Return who acknowledged another page since this one: `; Priya Nair acknowledged at 03:04 GMT`."""
    for each in reversed(view.pages):
        at = each.acknowledged_at
        if at is not None and not each.left and each.person != page.person and at >= page.since:
            return f"; {each.by} acknowledged {_when(at, session)}"
    return ""


def page_notice(view: TicketView, session: Session) -> str:
    """Return the text of the notice: `CD-4C01-T: you were paged at 02:58 GMT. Nobody can log in`.

    It names somebody else who has acknowledged their own page since.
    Where the page found nobody: `CD-4C01-T: nobody was paged at 02:58 GMT, and you are on call now. Nobody can ...`
    """
    page = page_to(view, session.username)
    assert page is not None
    since = _when(page.since, session)
    if page.person is None:
        role = "on call" if session.roster.duty.rung is None else "the last resort"
        text = f"nobody was paged {since}, and you are {role} now"
    else:
        text = f"you were paged {since}{_acknowledged_since(page, view, session)}"
    return f"{view.ticket.ref}: {text}. {view.ticket.summary}"
