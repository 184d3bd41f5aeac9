"""What a link to a page about no ticket means: a test page, or the page for a gap in the rota.

It is bound to the key of the notice, which contains a blank and is therefore no reference of a ticket.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from supportdesk.desk_api import DeskApi, Outcome
from supportdesk.sla.clocks import epoch
from supportdesk.sla.formatting import date_time
from supportdesk.tickets.documents import PAGE, TEST
from supportdesk.tickets.records.commands import AcknowledgeNotice
from supportdesk.tickets.rota.notices import gap_alarms, monthly_test
from supportdesk.watcher.links.web_page import PageFacts

if TYPE_CHECKING:
    from supportdesk.store.outbox_models import OutgoingMessage
    from supportdesk.store.page_links import PageLink
    from supportdesk.tickets.documents import DeskNotice

_PREFIXES = {PAGE: f"{gap_alarms.PREFIX} ", TEST: f"{monthly_test.PREFIX} "}
_TITLES = {PAGE: "Page", TEST: "Test page"}


def find_notice_key(desk: DeskApi, message: OutgoingMessage) -> str | None:
    """Return the key of the notice that a message brings to a person; None where nobody acknowledges it."""
    prefix = _PREFIXES.get(message.kind)
    for notice in desk.notices(prefix) if prefix is not None else ():
        same = (epoch(notice.made_at), notice.text) == (message.at, message.text)
        if same and message.person in notice.people:
            return notice.key
    return None


def is_of_notice(ref: str) -> bool:
    """Return whether a link is bound to a notice, and to no ticket."""
    return " " in ref


def open_notice(desk: DeskApi, link: PageLink) -> PageFacts | None:
    """Return what a link shows of its notice; None where that is acknowledged or withdrawn."""
    notice = next((each for each in desk.notices(link.ref) if each.key == link.ref), None)
    if notice is None or not notice.is_open or link.person not in notice.people:
        return None
    return _facts(desk, notice)


def acknowledge_notice(desk: DeskApi, key: str, person: str) -> Outcome:
    """Acknowledge a notice for one of its people, or return the reason why not."""
    return desk.do(AcknowledgeNotice(key), by=person)


def _facts(desk: DeskApi, notice: DeskNotice) -> PageFacts:
    zone = desk.policy_at(desk.now()).timezone
    names = ", ".join(person.name for person in map(desk.person, notice.people) if person is not None)
    facts = (("Why", notice.text), ("Sent", date_time(notice.made_at, zone)), ("To", names))
    return PageFacts(_TITLES.get(notice.kind, "Page"), facts)
