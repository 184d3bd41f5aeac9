"""What a customer writes about a ticket of the operator: a notice and the bell, and a line in the inbox."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from unittest.mock import patch

import pytest

from supportdesk.clock import FixedClock
from supportdesk.console.inbox import loader
from supportdesk.desk import Desk
from supportdesk.tickets.actors import INTAKE
from supportdesk.tickets.process.assignment import Claim
from supportdesk.tickets.process.conversation import Reply
from supportdesk.tickets.process.customer_message import AddCustomerMessage
from supportdesk.tickets.process.sending import RecordBounce
from tests.console.fixtures.fake_desk import FakeDesk
from tests.console.fixtures.morning import empty_desk, morning_desk, ref_of
from tests.console.harness.console import Running, running
from tests.console.inbox.test_screen import details, entries, open_inbox
from tests.store.desks import address_of, done, logged
from tests.store.mailing import claim_mail, mailing_desk, report_mail
from tests.tickets.scenario import MONDAY_NINE

ABOUT, OTHER = "Export stops", "Purchase order"
"""A ticket of Sam's, and one of Ann's."""


@pytest.fixture(autouse=True)
def _read_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loader, "FIRST_AFTER", 0.0)
    monkeypatch.setattr(loader, "GAP", 0.0)


@asynccontextmanager
async def at_sams(desk: FakeDesk) -> AsyncIterator[Running]:
    """Sam's console, once it has read his inbox."""
    async with running(desk, username="sam") as it:
        await it.until(lambda: it.screen.updates._message_notices._known is not None)
        yield it


async def test_a_message_about_the_operators_ticket_rings_and_is_a_notice_until_somebody_replied() -> None:
    desk = morning_desk()
    ref = ref_of(desk, ABOUT)
    async with at_sams(desk) as it:
        with patch.object(it.app, "bell") as bell:
            desk.do_as("ann", AddCustomerMessage(ref, "The third quarter."))
            await it.until(lambda: f"The customer wrote about {ref}: Export stops half-way" in it.notice)
            assert bell.called
        assert "F7 reply F5 open ticket F12 dismiss" in it.notice
        desk.do_as("ann", Reply(ref, "Thank you."))
        await it.until(lambda: ref not in it.notice)


async def test_a_message_about_somebody_elses_ticket_neither_rings_nor_is_a_notice() -> None:
    desk = morning_desk()
    mine, other = ref_of(desk, ABOUT), ref_of(desk, OTHER)
    async with at_sams(desk) as it:
        with patch.object(it.app, "bell") as bell:
            desk.do_as("maya", AddCustomerMessage(other, "Any news?"))
            await it.until(
                lambda: it.screen.session is not None and other in it.screen.session.model.index.entries
            )
            assert not bell.called
            desk.do_as("ann", AddCustomerMessage(mine, "The third quarter."))
            await it.until(lambda: mine in it.notice)
        assert other not in it.notice


async def test_what_was_written_before_the_console_started_is_counted_and_stands_in_the_inbox() -> None:
    desk = morning_desk()
    desk.do_as("ann", AddCustomerMessage(ref_of(desk, ABOUT), "The third quarter.\nAnd the fourth."))
    async with at_sams(desk) as it:
        await it.until(lambda: "1 in the inbox" in it.header)
        assert "wrote about" not in it.notice
        await open_inbox(it)
        assert "message" in entries(it)[1]
        assert "Bill Lumley wrote by email: The third quarter. And the fourth." in details(it)
        assert details(it).endswith("Not replied to yet.")


async def test_mail_that_did_not_reach_the_customer_is_not_said_to_be_theirs(tmp_path: Path) -> None:
    clock = FixedClock(MONDAY_NINE)
    with mailing_desk(tmp_path, clock) as desk:
        ref = logged(desk)
        done(desk, Claim(ref))
        [receipt] = claim_mail(desk)
        report_mail(desk, receipt.id, "delivered")
        address = address_of(desk)
        async with running(empty_desk(), connect=lambda: Desk.open(address, clock), username="ann") as it:
            await it.until(lambda: it.screen.updates._message_notices._known is not None)
            done(desk, RecordBounce(receipt.id, "550 no such mailbox"), by=INTAKE.key)
            await it.until(lambda: f"Mail did not reach the customer of {ref}" in it.notice)
