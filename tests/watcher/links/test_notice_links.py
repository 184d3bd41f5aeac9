"""A link to a test page, or to the page for a gap in the rota, acknowledges that."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from supportdesk.desk import Desk
from supportdesk.sla.clocks import epoch
from supportdesk.store.outbox_models import OutgoingMessage
from supportdesk.tickets.documents import DeskNotice
from supportdesk.tickets.records.commands import AcknowledgeNotice, SendNotice, WithdrawNotice
from supportdesk.tickets.refusal import Refusal
from supportdesk.watcher.links.link_desk import (
    LinkFault,
    OpenLink,
    acknowledge,
    link_of_message,
    open_link,
)
from tests.store.desks import done, verified
from tests.watcher.links.desks import PagedDesk, paged_desk

TEST_PAGE = SendNotice(("dora",), "test", "This is a test", "test page 2026-11 dora")
GAP = SendNotice(("sue", "dora"), "page", "Nobody is on call", "gap first 2026-11-30T08:00:00Z found")
BASE = "https://desk.example.com"


@pytest.fixture
def paged(tmp_path: Path) -> Iterator[PagedDesk]:
    with paged_desk(tmp_path) as desk:
        done(desk.desk, TEST_PAGE, by="watcher")
        done(desk.desk, GAP, by="watcher")
        yield desk


def message(desk: Desk, notice: SendNotice, person: str) -> OutgoingMessage:
    """What the outbox gives to a sender of a notice."""
    return OutgoingMessage(
        "id", "message", None, notice.kind, person, person, "mail", "x", False, 0,
        epoch(desk.now()), notice.text, "", "", "",
    )  # fmt: skip


def token(paged: PagedDesk, notice: SendNotice, person: str) -> str:
    link = link_of_message(paged.desk, BASE, message(paged.desk, notice, person))
    assert link is not None
    return link.rpartition("/")[2]


def found(paged: PagedDesk, key: str) -> DeskNotice:
    (notice,) = paged.desk.notices(key)
    return notice


def test_a_link_to_a_test_page_says_that_it_is_one_and_acknowledges_it_once(paged: PagedDesk) -> None:
    used = token(paged, TEST_PAGE, "dora")
    link = open_link(paged.desk, used)
    assert isinstance(link, OpenLink)
    assert link.facts.title == "Test page"
    assert dict(link.facts.facts) == {
        "Why": "This is a test",
        "Sent": "Mon 23 Nov 09:00 GMT",
        "To": "Dora",
    }
    assert not isinstance(acknowledge(paged.desk, link), Refusal)
    assert found(paged, TEST_PAGE.key).acknowledged_by == "dora"
    assert open_link(paged.desk, used) is LinkFault.OVER
    assert isinstance(acknowledge(paged.desk, link), Refusal)
    assert paged.is_paged()
    assert verified(paged.desk).is_intact


def test_a_link_to_a_gap_is_over_once_a_colleague_has_acknowledged_it_or_it_is_closed(
    paged: PagedDesk,
) -> None:
    of_sue, of_dora = token(paged, GAP, "sue"), token(paged, GAP, "dora")
    assert isinstance(open_link(paged.desk, of_sue), OpenLink)
    done(paged.desk, AcknowledgeNotice(GAP.key), by="dora")
    assert open_link(paged.desk, of_sue) is open_link(paged.desk, of_dora) is LinkFault.OVER
    withdrawn = token(paged, TEST_PAGE, "dora")
    done(paged.desk, WithdrawNotice(TEST_PAGE.key), by="watcher")
    assert open_link(paged.desk, withdrawn) is LinkFault.OVER


def test_a_link_to_a_test_page_expires_after_a_day_and_shows_nothing_by_being_opened(
    paged: PagedDesk,
) -> None:
    used = token(paged, TEST_PAGE, "dora")
    for _ in range(10):
        open_link(paged.desk, used)
    assert found(paged, TEST_PAGE.key).is_open
    paged.clock.set(paged.clock.now() + timedelta(days=1))
    assert open_link(paged.desk, used) is LinkFault.OVER


def test_nobody_gets_a_link_to_what_nobody_acknowledges(paged: PagedDesk) -> None:
    done(paged.desk, SendNotice(("dora",), "notice", "Your shifts", "week 2026-11-23 dora"), by="watcher")
    notice = SendNotice(("dora",), "notice", "Your shifts", "")
    assert link_of_message(paged.desk, BASE, message(paged.desk, notice, "dora")) is None
    assert link_of_message(paged.desk, BASE, message(paged.desk, TEST_PAGE, "sue")) is None
