"""What a link means on the desk: which page it acknowledges, whether it still may, and what it shows."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING

from msgspec import Struct

from supportdesk.desk_api import DeskApi, Outcome
from supportdesk.sla.calendar import CalendarError
from supportdesk.sla.clocks import instant
from supportdesk.sla.formatting import date_time
from supportdesk.store.page_links import VALID_FOR, PageLink
from supportdesk.tickets.process.triage import Acknowledge
from supportdesk.watcher.links.notice_links import (
    acknowledge_notice,
    find_notice_key,
    is_of_notice,
    open_notice,
)
from supportdesk.watcher.links.token import digest, is_token, make_token
from supportdesk.watcher.links.web_page import PageFacts

if TYPE_CHECKING:
    from supportdesk.store.outbox_models import OutgoingMessage
    from supportdesk.store.read_models import TicketView
    from supportdesk.tickets.page_history import PageRecord


class LinkFault(Enum):
    """Why a link cannot be used."""

    UNKNOWN = "unknown"
    OVER = "used, expired, or acknowledged by other means"


class OpenLink(Struct, frozen=True):
    """A link that can be used: whose page of which ticket or notice it acknowledges, and what it shows."""

    ref: str
    person: str
    facts: PageFacts


def make_link(desk: DeskApi, base: str, page: PageLink) -> str:
    """Return a new link that acknowledges a page. Blocks; raises DeskUnavailableError."""
    token = make_token()
    desk.save_page_link(digest(token), page)
    return f"{base}/p/{token}"


def link_of_message(desk: DeskApi, base: str, message: OutgoingMessage) -> str | None:
    """Return a new link that acknowledges the page of a message; None for one that nobody acknowledges.

    `base` is the address with which links begin. Blocks; raises DeskUnavailableError.
    """
    ref = message.ref if message.ref is not None else find_notice_key(desk, message)
    if ref is None:
        return None
    return make_link(desk, base, page_link(ref, message.person, instant(message.at)))


def page_link(ref: str, person: str, paged_at: datetime) -> PageLink:
    """Return what a link to the page of `person` is bound to; `ref` is its ticket, or the key of a notice."""
    return PageLink(ref, person, paged_at, paged_at + VALID_FOR)


def open_link(desk: DeskApi, token: str) -> OpenLink | LinkFault:
    """Return what a token shows and acknowledges, or why it cannot be used. Only reads; raises DeskUnavailableError."""
    link = desk.find_page_link(digest(token)) if is_token(token) else None
    if link is None:
        return LinkFault.UNKNOWN
    now, person = desk.now(), desk.person(link.person)
    if now >= link.expires_at or person is None or not person.active:
        return LinkFault.OVER
    if is_of_notice(link.ref):
        notice = open_notice(desk, link)
        return OpenLink(link.ref, link.person, notice) if notice is not None else LinkFault.OVER
    view = desk.ticket(link.ref)
    if not is_open(view, link):
        return LinkFault.OVER
    zone = desk.policy_at(now).timezone
    severity = desk.policies[view.ticket.policy].severity(view.ticket.severity).name
    open_pages = [page for page in view.pages if page.is_open and page.person is not None]
    paged = "; ".join(f"{page.name}, since {date_time(page.at, zone)}" for page in open_pages)
    facts = (
        ("Customer", view.organisation.name),
        ("Summary", view.ticket.summary),
        ("Received", date_time(view.ticket.received_at, zone)),
        ("Paged", paged),
        ("Why", _last_of(view.pages, link.person).why),
    )
    return OpenLink(link.ref, link.person, PageFacts(f"{severity} {link.ref}", facts))


def is_open(view: TicketView, link: PageLink) -> bool:
    """Return whether the page of a link is open: neither it nor a later page to the same person was acknowledged.

    A link to a page that was acknowledged stays useless when the person is paged again: that page has its own.
    """
    if not view.ticket.is_open or all(page.person != link.person for page in view.ticket.open_pages):
        return False
    since = [page for page in view.pages if page.person == link.person and page.at >= link.paged_at]
    return bool(since) and all(page.acknowledged_at is None for page in since)


def acknowledge(desk: DeskApi, link: OpenLink) -> Outcome:
    """Acknowledge the page of a link for its person, or return the reason why not."""
    if is_of_notice(link.ref):
        return acknowledge_notice(desk, link.ref, link.person)
    return desk.do(Acknowledge(link.ref), by=link.person)


def find_expiry(desk: DeskApi, link: OpenLink) -> datetime | None:
    """Return until when the acknowledgement of a link is valid; None where it does not expire, or that is unknown."""
    if is_of_notice(link.ref):
        return None
    try:
        valid = desk.explain_escalation(link.ref).valid
    except CalendarError:
        return None
    return valid.until if valid is not None else None


def _last_of(pages: Iterable[PageRecord], person: str) -> PageRecord:
    return [page for page in pages if page.person == person][-1]
