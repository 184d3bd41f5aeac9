"""What the desk shows: frozen values for the surfaces. Light to import."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

import msgspec

from supportdesk.sla.clocks import ClockProjection, leading_clock
from supportdesk.tickets.documents import Article, Contact, Document, Organisation, Person, Release
from supportdesk.tickets.events.phrase import Phrase
from supportdesk.tickets.folding import fold, words
from supportdesk.tickets.ownership import Ownership
from supportdesk.tickets.page_history import PageRecord
from supportdesk.tickets.rota.data import RotaData
from supportdesk.tickets.rota.duty import Duty, duty, next_duty
from supportdesk.tickets.ticket import Ticket

FAR_AHEAD = 1 << 40
"""A sort position, in epoch seconds, for a clock that will never breach by itself."""
ERASED = "(erased)"
"""The line on the timeline of an event whose words were erased."""


class DueTicket(msgspec.Struct, frozen=True):
    """A ticket on which the watcher has something to do from `due` on."""

    ref: str
    due: datetime


class QueueRow(msgspec.Struct, frozen=True, gc=False):
    """A ticket as the queue shows it. Instants are whole UTC epoch seconds; see `ClockProjection`.

    `organisation` is the name, `owner` the username and `owner_name` the name. `waiting` is what the ticket is on hold
    for, or empty. `page_open` says that a page is not acknowledged, and `paged` are the usernames of those paged, the
    longest paged first; empty where the page reached nobody. `paged_since` is when the last of the open pages was sent,
    None without one. `release` is the key of the release of a promised fix, or None. `is_undelivered` says that a mail
    did not reach the contact, who was told nothing since.
    """

    ref: str
    severity: str
    stage: str
    summary: str
    organisation: str
    contact: str
    channel: str
    team: str
    owner: str | None
    owner_name: str
    received_at: int
    waiting: str
    out_of_policy: bool
    page_open: bool
    rung: int
    policy: str
    response: ClockProjection
    resolution: ClockProjection
    changed_seq: int
    paged: tuple[str, ...] = ()
    release: str | None = None
    paged_since: int | None = None
    is_undelivered: bool = False

    @property
    def nobody_paged(self) -> bool:
        """Whether a page reached nobody, and nobody has worked on the ticket since (rule 18)."""
        return self.is_paging and not self.paged

    @property
    def is_paging(self) -> bool:
        """Whether a page is open for a ticket that is neither resolved nor closed."""
        return self.page_open and self.is_open

    @property
    def lead(self) -> ClockProjection:
        """The clock that the queue shows for this ticket."""
        return leading_clock(self.response, self.resolution)

    @property
    def urgency(self) -> tuple[int, int, str]:
        """Sort key within a severity: breached first, then by the time of the breach (paused ones at their pause cap).

        It does not depend on the present, so a sorted list stays sorted while time passes.
        """
        breached = self.lead.breached_at
        return (FAR_AHEAD if breached is None else breached, self.received_at, self.ref)

    @property
    def is_open(self) -> bool:
        """Whether the ticket is neither resolved nor closed."""
        return self.stage not in ("resolved", "closed")


class Snapshot(msgspec.Struct, frozen=True):
    """The queue: every ticket that is not closed, by severity and urgency, as of an event number."""

    rows: list[QueueRow]
    seq: int


class Changes(msgspec.Struct, frozen=True):
    """What changed after an event number: tickets, also closed ones, as they are now, and types of records.

    `records` names the types as the ledger does (`person`, `release`, `day`, ...); None where the desk cannot tell.
    `erased` says that a contact was erased, so that anything else may read otherwise, too.
    """

    rows: list[QueueRow]
    seq: int
    records: frozenset[str] | None = None
    erased: bool = False


class Erasure(msgspec.Struct, frozen=True):
    """When a contact was erased: the number of the event, and its time."""

    seq: int
    at: datetime


class ErasurePreview(msgspec.Struct, frozen=True):
    """What erasing a contact changes: so many `events`, their own `tickets`, `open` ones among them, and `others`.

    `records` counts the events of other records, such as notes to the next shift. What is not erased is named in
    `remaining`, in whole sentences; `copies` are those that upgrades and restores have left.
    """

    contact: Contact
    organisation: str
    events: int
    tickets: int
    open: int
    others: int
    records: int
    remaining: tuple[str, ...] = ()
    copies: tuple[str, ...] = ()

    def describe(self) -> Iterator[str]:
        """Yield what changes and what stays, line by line."""
        yield f"{self.contact.name}, {self.organisation} ({self.contact.key})"
        still_open = f", {self.open} of them open" if self.open else ""
        yield f"Their tickets: {self.tickets}{still_open}. They stay, and show [erased] as the caller."
        yield f"Other tickets that name them: {self.others}"
        yield f"Other records that name them: {self.records}"
        yield f"Events to be written again: {self.events}"
        yield from self.remaining
        if self.copies:
            yield f"Copies from before still contain them: {', '.join(self.copies)}. Delete those yourself."


class TimelineEntry(msgspec.Struct, frozen=True):
    """One event of a ticket. `actor` is a username, `name` the person's name, `event` the event's tag.

    `phrase` is what it says, in parts; None where its words were erased. `command_seq` is the number of the first event
    of the same command. `is_undone` is True for events of a command that its actor has undone.
    """

    seq: int
    at: datetime
    actor: str
    name: str
    event: str
    phrase: Phrase | None
    command_seq: int
    is_undone: bool = False

    @property
    def sentence(self) -> str:
        """The event's line on the timeline, without the actor."""
        return self.phrase.sentence if self.phrase is not None else ERASED


class TicketView(msgspec.Struct, frozen=True):
    """A ticket with the records around it, its timeline and its pages."""

    ticket: Ticket
    row: QueueRow
    organisation: Organisation
    contact: Contact
    account_manager: Person | None
    articles: tuple[Article, ...]
    timeline: tuple[TimelineEntry, ...]
    pages: tuple[PageRecord, ...]


class PageSent(msgspec.Struct, frozen=True):
    """A page that was sent to somebody: when, for which ticket, and their username."""

    at: datetime
    ref: str
    person: str


class TicketPage(msgspec.Struct, frozen=True):
    """A page that was sent to somebody, with its ticket's summary and the name of the customer."""

    ref: str
    summary: str
    organisation: str
    page: PageRecord


class TicketHistory(msgspec.Struct, frozen=True):
    """A ticket as the reports need it. `ownerships` are only loaded for one with a breach."""

    row: QueueRow
    ticket: Ticket
    ownerships: tuple[Ownership, ...] = ()


@dataclass(frozen=True, slots=True)
class Roster:
    """The staff and releases that a surface offers, sorted, and who is on duty when it was read.

    `reference_data` answers other questions about the rota.
    """

    staff: tuple[Person, ...]
    releases: tuple[Release, ...]
    reference_data: RotaData = field(compare=False)
    duty: Duty
    next_duty: Duty | None = None

    @classmethod
    def at(cls, at: datetime, reference_data: RotaData, releases: Iterable[Release]) -> Roster:
        """Return the roster of an instant."""
        return cls(
            tuple(sorted(reference_data.staff.values(), key=lambda person: fold(person.name))),
            tuple(sorted(releases, key=lambda release: (release.day, release.key))),
            reference_data,
            duty(reference_data, at),
            next_duty(reference_data, at),
        )


class Caller(msgspec.Struct, frozen=True):
    """A contact who may be calling, with their company."""

    contact: Contact
    organisation: Organisation


class LastContact(msgspec.Struct, frozen=True):
    """The desk's last contact with somebody: when, about which ticket, and its sentence on the timeline."""

    at: datetime
    ref: str
    sentence: str


class CallerView(msgspec.Struct, frozen=True):
    """A caller with everything that is useful on the telephone.

    `open_tickets` are the company's, the caller's `own` first, in the queue's order with the resolved ones last;
    `closed_tickets` are the last few, the caller's own first. `super_users` are the company's, by name.
    """

    contact: Contact
    organisation: Organisation
    account_manager: Person | None
    open_tickets: tuple[QueueRow, ...]
    closed_tickets: tuple[QueueRow, ...]
    last_contact: LastContact | None
    own: frozenset[str] = frozenset()
    super_users: tuple[Contact, ...] = ()


class Listed(msgspec.Struct, frozen=True):
    """The first matching documents of a type, and the number of all.

    `companies` are the names of their organisations, by key.
    """

    documents: tuple[Document, ...]
    count: int
    companies: Mapping[str, str]


def find_same_request(
    rows: Iterable[QueueRow], organisation: str, contact: str, summary: str
) -> QueueRow | None:
    """Return the open ticket of a contact with the same summary, ignoring case, accents and spacing; None without one.

    `organisation` and `contact` are names.
    """
    wanted = words(summary)
    theirs = (
        row for row in rows if row.is_open and (row.organisation, row.contact) == (organisation, contact)
    )
    return next((row for row in theirs if words(row.summary) == wanted), None)
