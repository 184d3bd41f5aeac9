"""What is held back, bundled or no longer sent, in a real store; a Critical never is (rule 25)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import time
from pathlib import Path

import pytest

from supportdesk.clock import FixedClock
from supportdesk.desk import Desk
from supportdesk.sla.clocks import epoch
from supportdesk.store import outbox_claims
from supportdesk.tickets.actors import WATCHER
from supportdesk.tickets.documents import Address, QuietHours
from supportdesk.tickets.outbox.pacing import AT_ONE_ADDRESS
from supportdesk.tickets.process.triage import Acknowledge
from supportdesk.tickets.records.commands import SendNotice
from tests.store.desks import done
from tests.store.outboxes import (
    CALL,
    SMS,
    at,
    claim,
    claim_critical,
    claim_one,
    critical,
    notify,
    outbox_desk,
    report,
    set_addresses,
)
from tests.tickets.scenario import MONDAY_NINE


@pytest.fixture
def desk(tmp_path: Path, clock: FixedClock) -> Iterator[Desk]:
    with outbox_desk(tmp_path, clock) as opened:
        yield opened


def test_rule_25_what_nobody_sent_for_a_day_is_too_old_to_help(desk: Desk, clock: FixedClock) -> None:
    notify(desk, "one")
    clock.set(at(24 * 3600 + 1))
    assert claim(desk) == []
    assert desk.outbox() == []


def test_rule_25_what_is_not_urgent_waits_for_the_end_of_the_quiet_hours(
    desk: Desk, clock: FixedClock
) -> None:
    set_addresses(desk, "sue", SMS, quiet=QuietHours(time(8), time(10)))
    notify(desk, "one")
    notify(desk, "two", urgent=True)
    assert [(each.text, each.held, each.due_at) for each in desk.outbox()] == [
        ("about two", "", epoch(MONDAY_NINE)),
        ("about one", "quiet hours", epoch(at(3600))),
    ]


def test_rule_25_a_notice_that_has_arrived_rings_no_telephone_afterwards(
    desk: Desk, clock: FixedClock
) -> None:
    set_addresses(desk, "sue", SMS, CALL)
    notify(desk, "one")
    report(desk, claim_one(desk), "delivered")
    clock.set(at(CALL.delay))
    assert desk.outbox() == []
    assert claim(desk) == []


@pytest.mark.parametrize("outcome", ["not delivered", "possibly delivered"])
def test_rule_25_a_notice_that_may_not_have_arrived_goes_to_the_next_address(
    desk: Desk, clock: FixedClock, outcome: str
) -> None:
    set_addresses(desk, "sue", SMS, CALL)
    notify(desk, "one")
    report(desk, claim_one(desk), outcome)
    clock.set(at(CALL.delay))
    assert "call" in [each.first.method for each in claim(desk)]


def test_rule_25_what_cannot_wait_goes_to_every_address(desk: Desk, clock: FixedClock) -> None:
    set_addresses(desk, "sue", SMS, CALL)
    notify(desk, "one", urgent=True)
    report(desk, claim_one(desk), "delivered")
    clock.set(at(CALL.delay))
    assert claim_one(desk).method == "call"


@pytest.mark.slow
@pytest.mark.sqlite
def test_rule_25_a_thousand_notices_at_once_are_bundled_and_a_critical_among_them_goes_at_once(
    desk: Desk,
) -> None:
    set_addresses(desk, "dora", Address("mail", "team@desk.example"))
    set_addresses(desk, "sue", Address("mail", "team@desk.example"))
    for number in range(500):
        notify(desk, f"a{number}")
    ref = critical(desk)
    for number in range(500):
        notify(desk, f"b{number}")
    urgent, bundle = claim(desk)
    assert (urgent.first.ref, urgent.bundled) == (ref, ())
    assert len(bundle.all) == 1000
    assert len({each.id for each in bundle.all}) == 1000


def test_what_comes_just_after_is_held_back_and_then_bundled(desk: Desk, clock: FixedClock) -> None:
    notify(desk, "one")
    report(desk, claim_one(desk), "delivered")
    for key in ("two", "three", "four"):
        notify(desk, key)
    clock.set(at(1))
    assert claim(desk) == []
    assert [(each.held, each.due_at) for each in desk.outbox()] == [("limit", epoch(at(60)))] * 3
    clock.set(at(60))
    [bundle] = claim(desk)
    assert {each.text for each in bundle.all} == {"about two", "about three", "about four"}


def test_while_something_is_under_way_to_an_address_the_rest_waits(desk: Desk) -> None:
    notify(desk, "one")
    claim_one(desk)
    notify(desk, "two")
    assert claim(desk, "there") == []


def test_a_bundle_counts_once_against_the_limit_of_an_address(desk: Desk, clock: FixedClock) -> None:
    for turn in range(13):
        clock.set(at(turn * 61))
        for number in range(3):
            notify(desk, f"{turn}.{number}")
        claimed = claim(desk)
        if turn == 12:
            assert claimed == []
            assert {each.due_at for each in desk.outbox()} == {epoch(at(3600))}
            return
        [bundle] = claimed
        for place, message in enumerate(bundle.all):
            report(desk, message, "delivered", bundled=place > 0)


def test_rule_25_an_urgent_message_is_neither_held_back_nor_bundled_however_many_there_are(
    desk: Desk,
) -> None:
    for _ in range(4):
        report(desk, claim_critical(desk), "delivered")
    refs = [critical(desk) for _ in range(3)]
    claimed = claim(desk)
    assert sorted(each.first.ref or "" for each in claimed) == sorted(refs)
    assert all(not each.bundled for each in claimed)


def test_no_more_is_claimed_than_there_is_room_for_and_what_is_urgent_first(desk: Desk) -> None:
    set_addresses(desk, "ann", SMS)
    set_addresses(desk, "sam", Address("sms", "+44 7700 900999"))
    notify(desk, "one", "sam")
    critical(desk)
    critical(desk)
    claimed = desk.claim_shipments("here", {"sms": (1, 0)})
    assert [each.first.urgent for each in claimed] == [True]
    rest = desk.claim_shipments("here", {"sms": (9, 9)}, frozenset({claimed[0].first.id}))
    assert [each.first.urgent for each in rest] == [True, False]


def test_many_pages_by_one_method_keep_no_other_method_waiting(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox_claims, "_FEW", 3)
    for _ in range(10):
        critical(desk)
    set_addresses(desk, "dora", Address("mail", "dora@desk.example"))
    by_mail = critical(desk)
    claimed = desk.claim_shipments("here", {"sms": (2, 2), "mail": (2, 2)})
    assert [each.first.method for each in claimed].count("sms") == 2
    assert by_mail in [each.first.ref for each in claimed]


def test_what_nobody_wants_any_more_is_not_in_the_way_however_much_it_is(
    desk: Desk, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox_claims, "_FEW", 3)
    refs = [critical(desk) for _ in range(7)]
    for ref in refs[:4]:
        done(desk, Acknowledge(ref), by="dora")
    clock.set(at(24 * 3600 + 121))
    for ref in [critical(desk) for _ in range(4)]:
        done(desk, Acknowledge(ref), by="dora")
    fresh = critical(desk)
    assert [each.ref for each in desk.outbox()] == [fresh, fresh]
    [shipment] = claim(desk)
    assert shipment.first.ref == fresh


def test_a_busy_address_keeps_no_other_waiting(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox_claims, "_FEW", 3)
    for number in range(5):
        notify(desk, f"s{number}")
    claim(desk)
    for number in range(5):
        notify(desk, f"t{number}")
    notify(desk, "a", "ann")
    [shipment] = claim(desk)
    assert shipment.first.person == "ann"


def test_what_asks_for_an_acknowledgement_comes_first_in_a_bundle(desk: Desk) -> None:
    for key in ("a", "b"):
        notify(desk, key)
    done(desk, SendNotice(("sue",), "test", "a test page", "t"), by=WATCHER.key)
    notify(desk, "c")
    [bundle] = claim(desk)
    assert bundle.first.kind == "test"
    assert len(bundle.bundled) == 3


def test_many_pages_to_one_address_keep_none_to_another_waiting(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox_claims, "_FEW", 3)
    for _ in range(10):
        critical(desk)
    set_addresses(desk, "dora", Address("sms", "+44 7700 900999"))
    other = critical(desk)
    first = desk.claim_shipments("here", {"sms": (8, 2)})
    assert [each.first.target for each in first].count(SMS.target) == AT_ONE_ADDRESS
    assert other in [each.first.ref for each in first]
    in_flight = frozenset(each.first.id for each in first)
    assert desk.claim_shipments("here", {"sms": (8, 2)}, in_flight) == []
    arrived = next(each.first.ref for each in first if each.first.target == SMS.target)
    ended = frozenset(each.first.id for each in first if each.first.ref != arrived)
    again = desk.claim_shipments("here", {"sms": (8, 2)}, ended)
    assert [each.first.target for each in again] == [SMS.target]
