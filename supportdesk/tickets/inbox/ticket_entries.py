"""What a ticket's history has sent to a member of staff: pages, offers of the ticket, notices and messages."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from msgspec import UNSET
from msgspec.structs import replace

from supportdesk.sla.ladder import NOTIFY
from supportdesk.tickets.events import (
    TELLING_CUSTOMER,
    Assigned,
    Claimed,
    CustomerWrote,
    Event,
    HandedBack,
    HandedOver,
    MailUndelivered,
    PageAcknowledged,
    Paged,
    StepTaken,
    Undone,
)
from supportdesk.tickets.inbox.entry import HistoryEvent, InboxEntry, InboxKind, shortened
from supportdesk.tickets.page_history import PageRecord, list_pages
from supportdesk.tickets.ticket import Ticket

SENDING: tuple[type[Event], ...] = (Paged, Assigned, HandedOver, StepTaken, CustomerWrote, MailUndelivered)
"""The events that send something to somebody."""
ANSWERING: tuple[type[Event], ...] = (PageAcknowledged, Claimed, HandedBack, Undone, *TELLING_CUSTOMER)
"""The events that may be a response to it."""

NameOf = Callable[[str | None], str]


def ticket_entries(
    username: str,
    ticket: Ticket,
    history: Sequence[HistoryEvent],
    *,
    organisation: str,
    name: NameOf,
    since: datetime,
) -> list[InboxEntry]:
    """Return what a ticket has sent to a member of staff since an instant, in the order of its history.

    `organisation` is the name of its customer. `history` holds at least the events of `SENDING` and `ANSWERING`, in
    order; `name` returns the name of a member of staff.
    """
    found = [
        *_pages(username, ticket, history, name),
        *_offers(username, ticket, history, name),
        *_notices(username, ticket, history),
        *_messages(username, ticket, history, name),
    ]
    return [
        replace(
            entry,
            ref=ticket.ref,
            policy=ticket.policy,
            severity=ticket.severity,
            organisation=organisation,
            summary=ticket.summary,
        )
        for entry in sorted(found, key=lambda entry: entry.at)
        if entry.at >= since
    ]


def _pages(
    username: str, ticket: Ticket, history: Sequence[HistoryEvent], name: NameOf
) -> Iterator[InboxEntry]:
    sent = [each for each in history if isinstance(each.event, Paged)]
    pages = list_pages(((each.event, each.at, each.actor) for each in history), name)
    theirs = [(each.id, page) for each, page in zip(sent, pages, strict=True) if page.person == username]
    still_open = ticket.is_open and any(page.person == username for page in ticket.open_pages)
    for number, (id_, page) in enumerate(theirs, 1):
        is_open = still_open and number == len(theirs)
        answer, by, at = ("", "", None) if is_open else _page_answer(username, page, name)
        yield InboxEntry(
            id_, page.at, InboxKind.PAGE, page.why,
            is_open=is_open, answer=answer, answered_by=by, answered_at=at,
        )  # fmt: skip


def _page_answer(username: str, page: PageRecord, name: NameOf) -> tuple[str, str, datetime | None]:
    if page.acknowledged_at is None:
        return ("no longer open" if page.is_last else "replaced by a later page"), "", None
    if page.left:
        return "ended", "", page.acknowledged_at
    by = "" if page.by == name(username) else page.by or ""
    return "acknowledged", by, page.acknowledged_at


def _offers(
    username: str, ticket: Ticket, history: Sequence[HistoryEvent], name: NameOf
) -> Iterator[InboxEntry]:
    waits = ticket.is_open and ticket.owner == username and not ticket.accepted
    last = max(
        (place for place, each in enumerate(history) if _is_offer(each, username)),
        default=-1,
    )
    for place, each in enumerate(history):
        if not _is_offer(each, username):
            continue
        is_open = waits and place == last
        answer, by, at = ("", "", None) if is_open else _offer_answer(username, history[place + 1 :], name)
        yield InboxEntry(
            each.id, each.at, InboxKind.OFFER, _offer_text(each, name),
            is_open=is_open, answer=answer, answered_by=by, answered_at=at,
        )  # fmt: skip


def _notices(username: str, ticket: Ticket, history: Sequence[HistoryEvent]) -> Iterator[InboxEntry]:
    """Yield what steps of the ladder notified the person of; their pages are events of their own."""
    for each in history:
        event = each.event
        if isinstance(event, StepTaken) and event.action == NOTIFY and username in event.people:
            answer = "" if ticket.is_open else f"the ticket is {ticket.stage}"
            yield InboxEntry(each.id, each.at, InboxKind.NOTICE, event.description, answer=answer)


def _messages(
    username: str, ticket: Ticket, history: Sequence[HistoryEvent], name: NameOf
) -> Iterator[InboxEntry]:
    """Yield what customers wrote while the person owned the ticket, what did not reach them, and who replied since."""
    for place, each in enumerate(history):
        event = each.event
        if isinstance(event, CustomerWrote | MailUndelivered) and event.owner == username:
            answer, by, at = _message_answer(username, each, history[place + 1 :], name)
            if not answer and not ticket.is_open:
                answer = f"the ticket is {ticket.stage}"
            yield InboxEntry(
                each.id, each.at, InboxKind.MESSAGE,
                _message_text(event),
                answer=answer, answered_by=by, answered_at=at,
                is_undelivered=isinstance(event, MailUndelivered),
            )  # fmt: skip


def _message_text(event: CustomerWrote | MailUndelivered) -> str:
    if isinstance(event, MailUndelivered):
        return shortened(event.sentence())
    return f"{event.name} {event.phrase().clause}: {shortened(event.text)}"


def _message_answer(
    username: str, message: HistoryEvent, later: Sequence[HistoryEvent], name: NameOf
) -> tuple[str, str, datetime | None]:
    """Return what became of a message, from the events after it: a reply, another owner, or that it was taken back."""
    is_last = True
    for each in later:
        event, by = each.event, "" if each.actor == username else name(each.actor)
        if isinstance(event, TELLING_CUSTOMER):
            return "replied", by, each.at
        if isinstance(event, Assigned | HandedOver | Claimed) and event.owner != username:
            return "given to somebody else", "", each.at
        if isinstance(event, HandedBack):
            return "handed back", by, each.at
        if isinstance(event, Undone) and is_last and _takes_back(event, each.actor, message):
            return "taken back", by, each.at
        is_last = is_last and not (isinstance(event, CustomerWrote) and each.actor == message.actor)
    return "", "", None


def _takes_back(event: Undone, actor: str, message: HistoryEvent) -> bool:
    """Return whether somebody undid that they had added a message."""
    return actor == message.actor and event.deed.startswith(str(CustomerWrote.__struct_config__.tag))


def _is_offer(each: HistoryEvent, username: str) -> bool:
    event = each.event
    return isinstance(event, Assigned | HandedOver) and event.owner == username and each.actor != username


def _offer_text(each: HistoryEvent, name: NameOf) -> str:
    event = each.event
    assert isinstance(event, Assigned | HandedOver)
    verb = "assigned" if isinstance(event, Assigned) else "handed over"
    note = " ".join(event.note.split())
    return f"{verb} by {name(each.actor)}" + (f": {note}" if note else "")


def _offer_answer(
    username: str, later: Sequence[HistoryEvent], name: NameOf
) -> tuple[str, str, datetime | None]:
    """Return what became of an offer, from the events after it."""
    for each in later:
        match each.event:
            case Claimed(owner):
                return "claimed", "" if owner == username else name(owner), each.at
            case Assigned() | HandedOver():
                return "given to somebody else", "", each.at
            case HandedBack():
                return "handed back", "" if each.actor == username else name(each.actor), each.at
            case Undone(was=was) if was.owner is not UNSET:
                return "taken back", name(each.actor), each.at
    return "no longer open", "", None
