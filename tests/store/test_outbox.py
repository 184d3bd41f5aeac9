"""The outbox in a real store: filled with the events, claimed once, and settled by what became of each attempt."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from supportdesk.clock import FixedClock
from supportdesk.desk import Desk
from supportdesk.tickets.actors import WATCHER
from supportdesk.tickets.outbox.pacing import CLAIM_LENGTH
from supportdesk.tickets.process.closure import Close
from supportdesk.tickets.process.conversation import Note
from supportdesk.tickets.process.page_shown import MarkPageShown
from supportdesk.tickets.process.sending import RecordAttempt
from supportdesk.tickets.process.steps import TakeSteps
from supportdesk.tickets.process.triage import Acknowledge
from supportdesk.tickets.process.undo import Undo
from supportdesk.tickets.records.commands import SendNotice
from supportdesk.tickets.refusal import Refusal
from tests.databases import address_at
from tests.store.desks import (
    AS_BEFORE_0006,
    database_of,
    done,
    events,
    furnished_desk,
    logged,
    refused,
    rewrite_as_before_0006,
    verified,
)
from tests.store.outboxes import at, claim, claim_one, critical, notify, outbox_desk, report, waiting

pytestmark = pytest.mark.usefixtures("database_kind")


@pytest.fixture
def desk(tmp_path: Path, clock: FixedClock) -> Iterator[Desk]:
    with outbox_desk(tmp_path, clock) as opened:
        yield opened


def test_a_page_that_is_shown_in_a_console_is_sent_by_every_method_all_the_same(desk: Desk) -> None:
    ref = critical(desk)
    before = waiting(desk)
    done(desk, MarkPageShown(ref), by="dora")
    assert waiting(desk) == before
    assert verified(desk).is_intact
    assert refused(desk, MarkPageShown(ref), by="dora") == "your page was shown to you before; acknowledge it"


def test_a_page_is_in_the_outbox_with_the_event_for_each_address_of_the_person(desk: Desk) -> None:
    ref = critical(desk)
    assert waiting(desk) == [("dora", "page", "sms", 0), ("dora", "page", "call", 120)]
    [entry, _] = desk.outbox()
    assert (entry.ref, entry.person_name, entry.target, entry.urgent) == (
        ref,
        "Dora",
        "+44 7700 900123",
        True,
    )
    assert desk.next_delivery_due(["sms"]) == at(0)
    assert desk.next_delivery_due(["call"]) == at(120)
    assert desk.next_delivery_due(["mail"]) is None
    assert verified(desk).is_intact


def test_a_notice_of_a_step_goes_to_each_of_the_people(desk: Desk, clock: FixedClock) -> None:
    ref = logged(desk)
    clock.set(at(135 * 60))
    done(desk, TakeSteps(ref), by=WATCHER.key)
    assert sorted(waiting(desk)) == [("ann", "notice", "mail", 135 * 60), ("sue", "notice", "mail", 135 * 60)]
    assert not desk.outbox()[0].urgent


def test_what_is_sent_says_what_it_is_about(desk: Desk) -> None:
    ref = critical(desk)
    message = claim_one(desk)
    facts = (message.ref, message.severity, message.company, message.summary, message.person_name)
    assert facts == (ref, "Critical", "Acme Ltd", "Export stops half-way", "Dora")
    assert message.text
    assert message.kind == "page"


def test_what_one_has_claimed_no_other_gets(desk: Desk) -> None:
    critical(desk)
    assert len(claim(desk, "here")) == 1
    assert claim(desk, "there") == []
    assert desk.next_delivery_due(["sms"]) is None


def test_a_claim_expires_and_what_is_sent_again_has_the_same_identity(desk: Desk, clock: FixedClock) -> None:
    critical(desk)
    first = claim_one(desk)
    clock.set(at(CLAIM_LENGTH - 1))
    assert claim(desk, "there") == []
    clock.set(at(CLAIM_LENGTH))
    [again] = claim(desk, "there")
    assert again.first.id == first.id
    assert again.first.attempts == 0


def test_a_claim_is_given_up_when_the_clock_was_set_back(desk: Desk, clock: FixedClock) -> None:
    critical(desk)
    claim_one(desk)
    clock.set(at(-3600))
    assert "sms" in [each.first.method for each in claim(desk, "there")]


def test_an_urgent_page_is_due_when_the_clock_was_set_back(desk: Desk, clock: FixedClock) -> None:
    critical(desk)
    clock.set(at(-3600))
    assert desk.next_delivery_due(["sms"]) == at(-3600)
    assert {each.first.method for each in claim(desk)} == {"sms", "call"}


def test_what_is_under_way_is_not_claimed_again_by_its_holder(desk: Desk) -> None:
    critical(desk)
    first = claim_one(desk)
    assert claim(desk) == []
    assert claim(desk, in_flight=frozenset([first.id])) == []


def test_an_attempt_is_on_the_timeline_and_ends_the_delivery(desk: Desk) -> None:
    ref = critical(desk)
    report(desk, claim_one(desk), "delivered", "accepted by the gateway")
    assert events(desk, ref)[-1] == "send attempted"
    line = desk.ticket(ref).timeline[-1].phrase
    assert line is not None
    assert line.sentence == "sms to Dora delivered: page to +44 7700 900123: accepted by the gateway"
    assert [each[2] for each in waiting(desk)] == ["call"]
    assert verified(desk).is_intact


def test_only_what_was_not_delivered_is_sent_again(desk: Desk, clock: FixedClock) -> None:
    critical(desk)
    report(desk, claim_one(desk), "not delivered", "refused")
    assert ("dora", "page", "sms", 5) in waiting(desk)
    clock.set(at(5))
    second = claim_one(desk)
    assert second.attempts == 1
    report(desk, second, "possibly delivered", "no answer")
    assert [each[2] for each in waiting(desk)] == ["call"]


def test_what_would_fail_again_is_not_tried_again_and_is_listed_as_failed(desk: Desk) -> None:
    ref = critical(desk)
    report(desk, claim_one(desk), "not delivered", "no such number", permanent=True)
    failed = [each for each in desk.outbox() if each.state == "failed"]
    assert [(each.ref, each.method, each.detail, each.due_at) for each in failed] == [
        (ref, "sms", "no such number", None)
    ]


def test_a_delivery_stays_delivered_whatever_a_later_report_says(desk: Desk) -> None:
    critical(desk)
    message = claim_one(desk)
    report(desk, message, "delivered")
    report(desk, message, "not delivered")
    assert [each[2] for each in waiting(desk)] == ["call"]
    assert all(each.state == "waiting" for each in desk.outbox())


def test_an_acknowledgement_cancels_what_was_not_sent_yet(desk: Desk, clock: FixedClock) -> None:
    ref = critical(desk)
    report(desk, claim_one(desk), "delivered")
    done(desk, Acknowledge(ref), by="dora")
    clock.set(at(120))
    assert claim(desk) == []
    assert desk.outbox() == []


def test_an_acknowledgement_between_claim_and_sending_is_seen(desk: Desk) -> None:
    ref = critical(desk)
    message = claim_one(desk)
    assert desk.is_wanted(message.id)
    done(desk, Acknowledge(ref), by="dora")
    assert not desk.is_wanted(message.id)
    desk.release_claims("here", [message.id])
    assert claim(desk) == []
    assert desk.outbox() == []


def test_fewer_than_were_asked_for_are_all_that_wait(desk: Desk) -> None:
    done(desk, Acknowledge(critical(desk)), by="dora")
    critical(desk)
    waits = len(desk.outbox())
    assert waits > 1
    for limit in range(1, waits + 1):
        assert len(desk.outbox(limit)) == limit
    assert len(desk.outbox(waits + 1)) == waits


def test_a_closed_ticket_sends_nothing_any_more(desk: Desk, clock: FixedClock) -> None:
    ref = logged(desk)
    clock.set(at(135 * 60))
    done(desk, TakeSteps(ref), by=WATCHER.key)
    done(desk, Close(ref, "withdrawn", "a mistake"), by="sue")
    assert claim(desk) == []
    assert desk.outbox() == []


def test_a_notice_about_no_ticket_is_sent_once_for_its_key(desk: Desk) -> None:
    notify(desk, "gap first 2026-12-01", "sue", "ann")
    assert sorted(waiting(desk)) == [("ann", "notice", "mail", 0), ("sue", "notice", "mail", 0)]
    again = SendNotice(("sue",), "notice", "again", "gap first 2026-12-01")
    assert "sent already" in refused(desk, again, by=WATCHER.key)
    bundle = claim(desk)
    for shipment in bundle:
        report(desk, shipment.first, "delivered")
    assert desk.outbox() == []
    assert verified(desk).is_intact


def test_a_notice_is_refused_to_nobody_to_strangers_and_of_an_unknown_kind(desk: Desk) -> None:
    assert "nobody" in refused(desk, SendNotice((), "notice", "x", "k"), by=WATCHER.key)
    assert "king" in refused(desk, SendNotice(("king",), "notice", "x", "k"), by=WATCHER.key)
    assert "not a kind" in refused(desk, SendNotice(("sue",), "shout", "x", "k"), by=WATCHER.key)
    assert "only an administrator" in refused(desk, SendNotice(("sue",), "notice", "x", "k"), by="ann")


def test_what_was_sent_does_not_keep_anybody_from_undoing(desk: Desk) -> None:
    ref = critical(desk)
    message = claim_one(desk)
    done(desk, Note(ref, "the wrong ticket"), by="ann")
    report(desk, message, "delivered")
    done(desk, Undo(ref), by="ann")
    assert verified(desk).is_intact


def test_only_the_watcher_records_attempts_and_only_those_of_deliveries(desk: Desk) -> None:
    critical(desk)
    message = claim_one(desk)
    assert "administrator" in refused(desk, RecordAttempt(message.id, "delivered"), by="ann")
    assert "no such delivery" in refused(desk, RecordAttempt("0" * 32, "delivered"), by=WATCHER.key)
    assert "not an outcome" in refused(desk, RecordAttempt(message.id, "sent"), by=WATCHER.key)


def test_what_is_refused_leaves_nothing_in_the_outbox(desk: Desk) -> None:
    assert isinstance(desk.do(Acknowledge(critical(desk)), by="ann"), Refusal)
    before = len(desk.outbox())
    refused(desk, SendNotice((), "notice", "x", "k"), by=WATCHER.key)
    assert len(desk.outbox()) == before


def make_older(connection: Connection) -> None:
    """Make the desk as version 0005 did; nothing where it is so already, as a commit may be repeated."""
    if connection.scalar(text("SELECT version_num FROM alembic_version")) == "0005":
        return
    rewrite_as_before_0006(connection)
    for statement in (*AS_BEFORE_0006, "UPDATE alembic_version SET version_num = '0005'"):
        connection.execute(text(statement))


def test_a_desk_of_an_earlier_version_has_an_empty_outbox(tmp_path: Path, clock: FixedClock) -> None:
    with furnished_desk(tmp_path, clock) as desk:
        critical(desk)
        database_of(desk).write(make_older)
    Desk.create(address_at(tmp_path / "desk.db")).close()
    desk = Desk.open(address_at(tmp_path / "desk.db"), clock)
    assert desk.outbox() == []
    notify(desk, "one")
    assert verified(desk).is_intact
    desk.close()
