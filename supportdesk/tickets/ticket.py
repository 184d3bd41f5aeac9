"""A ticket as a value: the state after all its events."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

import msgspec

from supportdesk.sla.clocks import Basis, Verdict


class Stage(StrEnum):
    """The stages of a ticket in the resolution process."""

    TRIAGE = "triage"
    ASSIGNMENT = "assignment"
    RESOLUTION = "resolution"
    RESOLVED = "resolved"
    CLOSED = "closed"


CUSTOMER, THIRD_PARTY, RELEASE = WAITS = ("customer", "third party", "release")
"""What a ticket can be on hold for."""
HOLDS = {CUSTOMER: "the customer", THIRD_PARTY: "a third party", RELEASE: "the release"}
"""The same with its article, to follow `on hold for`."""


class WaitPeriod(msgspec.Struct, frozen=True):
    """A period in which the ticket was on hold for one of `WAITS`; `ended` is None while it is.

    It ends by itself at the opening on the day `until`, where that is given; see `housekeeping.holds`.
    """

    on: str
    began: datetime
    ended: datetime | None = None
    until: date | None = None


class ResolvedPeriod(msgspec.Struct, frozen=True):
    """A period in which the ticket was resolved; `ended` is None while it is."""

    began: datetime
    ended: datetime | None = None


class Fix(msgspec.Struct, frozen=True):
    """A fix promised in a release; `day` is the release's date as it is now planned."""

    release: str
    day: date
    shipped_at: datetime | None = None


class Page(msgspec.Struct, frozen=True):
    """A page to a person, by username, or to nobody (None); open until it is acknowledged."""

    person: str | None
    since: datetime
    acknowledged_by: str | None = None
    acknowledged_at: datetime | None = None


class Link(msgspec.Struct, frozen=True):
    """Another ticket that belongs to this one: `related`, `duplicate of` or `duplicated by`; the latest link counts."""

    kind: str
    ref: str


class LaterResponse(msgspec.Struct, frozen=True):
    """What the customer was told after the response: `verdict` is that of the response clock if it is the response.

    `mail` is the delivery, which may come back as well; it is empty for what cannot.
    """

    verdict: Verdict
    mail: str = ""


class Ticket(msgspec.Struct, frozen=True):
    """Everything known about a ticket. Instants are aware UTC datetimes in whole seconds.

    `organisation`, `contact`, `team` and `owner` are keys. `response` and `resolution` say from where and to what
    promise each clock runs; a verdict beside it has stopped that clock for good (response) or until the ticket is
    reopened (resolution). `page` is the last page, `earlier_pages` are those before it that are still open.
    `response_mail` is the delivery of the mail on which the response verdict rests, empty for any other response, and
    `later_responses` are those that count instead, the first of them first, if that mail comes back.
    `undelivered` is the name of the contact whom a mail did not reach, until the customer is told something again.
    `pages_shown` are the usernames to whom their last page was shown in a console.
    `first_resolution` is the verdict that the reports use, `first_basis` what it was passed on:
    after a reopening the severity may be another.
    """

    ref: str
    version: int
    policy: str
    received_at: datetime
    logged_at: datetime
    changed_at: datetime
    channel: str
    severity: str
    summary: str
    description: str
    organisation: str
    contact: str
    stage: Stage
    team: str
    response: Basis
    resolution: Basis
    owner: str | None = None
    owned_since: datetime | None = None
    accepted: bool = False
    out_of_policy: tuple[str, ...] = ()
    response_verdict: Verdict | None = None
    resolution_verdict: Verdict | None = None
    first_resolution: Verdict | None = None
    first_basis: Basis | None = None
    last_reply_at: datetime | None = None
    waits: tuple[WaitPeriod, ...] = ()
    stood: tuple[ResolvedPeriod, ...] = ()
    rung: int = 0
    escalations: int = 0
    page: Page | None = None
    workaround: str | None = None
    fix: Fix | None = None
    articles: tuple[str, ...] = ()
    account_manager_at: datetime | None = None
    resolved_how: str | None = None
    resolved_at: datetime | None = None
    reopens: int = 0
    closed_as: str | None = None
    links: tuple[Link, ...] = ()
    source: str | None = None
    earlier_pages: tuple[Page, ...] = ()
    pages_shown: tuple[str, ...] = ()
    response_mail: str = ""
    later_responses: tuple[LaterResponse, ...] = ()
    undelivered: str = ""

    @property
    def waiting(self) -> WaitPeriod | None:
        """The current hold; None where the ticket is not on hold."""
        last = self.waits[-1] if self.waits else None
        return last if last is not None and last.ended is None else None

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to do something: neither resolved nor closed."""
        return self.stage not in (Stage.RESOLVED, Stage.CLOSED)

    @property
    def open_pages(self) -> tuple[Page, ...]:
        """The pages that nobody has acknowledged, the oldest first: one for each person."""
        last = self.page
        return (*self.earlier_pages, last) if last and last.acknowledged_at is None else self.earlier_pages

    @property
    def page_open(self) -> bool:
        """Whether a page has not been acknowledged."""
        return bool(self.open_pages)
