"""What waits in the outbox once a clock that was fast is set right: it waits no hour, and attempts keep their pace."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from supportdesk.clock import FixedClock
from supportdesk.desk import Desk
from supportdesk.store import outbox_claims
from supportdesk.tickets.outbox.customer_mail import CUSTOMER_MAIL
from supportdesk.tickets.process.conversation import Note
from supportdesk.tickets.process.retry import RetryDelivery
from tests.store.desks import done, logged, verified
from tests.store.mailing import accept_all, claim_mail, mailing_desk, report_mail
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


def test_mail_that_waits_is_found_behind_any_amount_that_was_sent(
    mailing: Desk, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox_claims, "_FEW", 2)
    for _ in range(3):
        logged(mailing)
    accept_all(mailing)
    waits = logged(mailing)
    clock.set(MONDAY_NINE)
    assert mailing.next_delivery_due([CUSTOMER_MAIL]) == MONDAY_NINE
    assert [each.ref for each in claim_mail(mailing)] == [waits]


def test_a_customer_is_sent_mail_in_the_order_in_which_it_was_written(
    mailing: Desk, clock: FixedClock
) -> None:
    first = logged(mailing)
    clock.set(MONDAY_NINE)
    second = logged(mailing)
    sent = []
    while claimed := claim_mail(mailing):
        for each in claimed:
            sent.append(each.ref)
            report_mail(mailing, each.id, "delivered")
    assert sent == [first, second]


def test_what_somebody_sends_again_goes_at_once_although_its_ticket_has_later_events(
    mailing: Desk, clock: FixedClock
) -> None:
    clock.set(at(FAST / 2))
    ref = logged(mailing)
    [mail] = claim_mail(mailing)
    report_mail(mailing, mail.id, "not delivered", "550 no", permanent=True)
    done(mailing, Note(ref, "They have another address."))
    clock.set(at(60))
    done(mailing, RetryDelivery(mail.id))
    assert [each.id for each in claim_mail(mailing)] == [mail.id]


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
