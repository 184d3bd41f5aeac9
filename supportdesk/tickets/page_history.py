"""The pages sent for a ticket, and who acknowledged them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

import msgspec
from msgspec import UNSET
from msgspec.structs import replace

from supportdesk.tickets.documents import PAGE
from supportdesk.tickets.events import Event, PageAcknowledged, Paged, PageShown, SendAttempted, Undone
from supportdesk.tickets.undo_state import PreviousValues


class PageAttempt(msgspec.Struct, frozen=True):
    """The last attempt to send a page to one address of its person; `outcome` is one of `SEND_OUTCOMES`."""

    delivery: str
    method: str
    outcome: str
    at: datetime
    retry_at: datetime | None = None


class PageRecord(msgspec.Struct, frozen=True):
    """A page to a person; `name` and `telephone` are as they were then, both empty where nobody was on call.

    `person` is the username. `by` is the name of the person who acknowledged it; `is_last` is False for a page that a
    later one replaced. `left` is True where the page ended because the person has left. `shown_at` is when it was
    shown to them in a console; None where it was not. `attempts` has one for each address that was tried.
    """

    at: datetime
    person: str | None
    name: str
    telephone: str
    why: str
    by: str | None = None
    acknowledged_at: datetime | None = None
    is_last: bool = True
    left: bool = False
    shown_at: datetime | None = None
    attempts: tuple[PageAttempt, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether it has not been acknowledged and no later page has replaced it."""
        return self.is_last and self.acknowledged_at is None


def list_pages(
    history: Iterable[tuple[Event, datetime, str]], name: Callable[[str], str]
) -> tuple[PageRecord, ...]:
    """Return the pages in a history of (event, instant, actor), oldest first.

    An acknowledgement is of the last page to that person, and no longer counts once it is undone.
    """
    pages: list[PageRecord] = []
    for event, at, actor in history:
        if isinstance(event, Paged):
            passed_on = (None, event.person, actor)
            pages = [
                each if event.beside and each.person not in passed_on else replace(each, is_last=False)
                for each in pages
            ]
            pages.append(PageRecord(at, event.person, event.name, event.telephone, event.why))
        elif isinstance(event, PageAcknowledged) and pages:
            place = _last_of(pages, event.person)
            pages[place] = replace(pages[place], by=name(actor), acknowledged_at=at, left=event.left)
        elif isinstance(event, SendAttempted) and event.kind == PAGE and pages:
            place = _last_of(pages, event.person)
            pages[place] = _with_attempt(pages[place], event, at)
        elif isinstance(event, PageShown) and pages:
            place = _last_of(pages, event.person)
            pages[place] = replace(pages[place], shown_at=at)
        elif isinstance(event, Undone) and pages:
            for person in _opened_again(event.was):
                place = _last_of(pages, person)
                pages[place] = replace(pages[place], by=None, acknowledged_at=None)
    return tuple(pages)


def _with_attempt(page: PageRecord, event: SendAttempted, at: datetime) -> PageRecord:
    attempt = PageAttempt(event.delivery, event.method, event.outcome, at, event.retry_at)
    others = tuple(each for each in page.attempts if each.delivery != event.delivery)
    return replace(page, attempts=(*others, attempt))


def _last_of(pages: list[PageRecord], person: str | None) -> int:
    """Return the index of the last page to a person; of the last page to anybody where the person has none."""
    theirs = (place for place, each in enumerate(pages) if person is not None and each.person == person)
    return max(theirs, default=len(pages) - 1)


def _opened_again(was: PreviousValues) -> set[str | None]:
    """Return the people whose pages an undo opens again."""
    last = {was.page.person} if was.page is not UNSET and was.page and not was.page.acknowledged_at else set()
    earlier = set() if was.earlier_pages is UNSET else {each.person for each in was.earlier_pages}
    return last | earlier
