"""What waits in the outbox once a clock that was fast is set right: it waits no hour, and attempts keep their pace."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from supportdesk.clock import FixedClock
from supportdesk.desk import Desk
from supportdesk.tickets.outbox.customer_mail import CUSTOMER_MAIL
from tests.store.desks import logged, verified
from tests.store.mailing import claim_mail, mailing_desk, report_mail
from tests.store.outboxes import ROOM, at, claim, claim_critical, critical, outbox_desk, report
from tests.tickets.scenario import MONDAY_NINE

pytestmark = pytest.mark.usefixtures("database_kind")

FAST = 3_600


@pytest.fixture
def clock() -> FixedClock:
    """A clock that is an hour fast."""
    return FixedClock(at(FAST))


@pytest.fixture
def paging(tmp_path: Path, clock: FixedClock) -> Iterator[Desk]:
    with outbox_desk(tmp_path, clock) as desk:
        yield desk


@pytest.fixture
def mailing(tmp_path: Path, clock: FixedClock) -> Iterator[Desk]:
    with mailing_desk(tmp_path, clock) as desk:
        yield desk


def test_mail_to_a_customer_does_not_wait_for_the_hour_to_come_again(
    mailing: Desk, clock: FixedClock
) -> None:
    logged(mailing)
    clock.set(MONDAY_NINE)
    assert mailing.next_delivery_due([CUSTOMER_MAIL]) == MONDAY_NINE
    [mail] = claim_mail(mailing)
    report_mail(mailing, mail.id, "not delivered", "421 busy")
    assert claim_mail(mailing) == []
    assert mailing.next_delivery_due([CUSTOMER_MAIL]) == at(60)
    clock.set(at(60))
    [mail] = claim_mail(mailing)
    report_mail(mailing, mail.id, "delivered")
    assert verified(mailing).is_intact


def test_attempts_at_a_page_keep_their_pace_instead_of_being_used_up_at_once(
    paging: Desk, clock: FixedClock
) -> None:
    critical(paging)
    clock.set(MONDAY_NINE)
    by_method = {each.first.method: each.first for each in claim(paging)}
    report(paging, by_method["sms"], "not delivered")
    clock.set(at(4))
    assert claim(paging) == []
    clock.set(at(5))
    assert [each.first.method for each in claim(paging)] == ["sms"]
    assert verified(paging).is_intact


def test_another_attempt_that_was_planned_by_the_fast_clock_is_made_at_once(
    paging: Desk, clock: FixedClock
) -> None:
    report(paging, claim_critical(paging), "not delivered")
    clock.set(MONDAY_NINE)
    assert paging.next_delivery_due(ROOM) == MONDAY_NINE
    assert "sms" in {each.first.method for each in claim(paging)}


def test_a_few_seconds_backwards_change_nothing(paging: Desk, clock: FixedClock) -> None:
    report(paging, claim_critical(paging), "not delivered")
    clock.set(at(FAST - 5))
    assert claim(paging) == []
