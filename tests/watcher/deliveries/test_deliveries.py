"""Sending what waits in the outbox of a real desk, with senders of the test."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from supportdesk.clock import FixedClock
from supportdesk.desk import Desk
from supportdesk.tickets.documents import Address
from supportdesk.tickets.outbox.pacing import CLAIM_LENGTH
from supportdesk.tickets.process.triage import Acknowledge
from supportdesk.watcher import outbox_task
from supportdesk.watcher.deliveries import Deliveries
from supportdesk.watcher.sending.sender import (
    SendResult,
    delivered,
    not_delivered,
    possibly_delivered,
)
from supportdesk.watcher.under_way import (
    URGENT_AT_ONCE,
)
from tests.patience import LAST_RESORT
from tests.store.desks import done, events, verified
from tests.watcher.deliveries.fake_sender import (
    FakeSender,
    KilledSender,
    at,
    attempts,
    critical,
    notify,
    of_settings,
    set_addresses,
    tick,
    wait_for_attempts,
    wait_until,
)


def test_a_page_is_sent_and_the_attempt_is_on_the_timeline(
    desk: Desk, start: Callable[..., Deliveries], sms: FakeSender, said: list[str]
) -> None:
    ref = critical(desk)
    assert not tick(start(sms=sms), desk)
    wait_for_attempts(desk, ref, 1)
    [page] = sms.sent
    assert (page.reference, page.target, page.person, page.kind) == (ref, "+44 7700 900123", "Dora", "page")
    assert (page.summary, page.company, page.severity) == ("Export stops half-way", "Acme Ltd", "Critical")
    assert page.urgent
    assert f"{page.at:%H:%M %Z}" == "09:00 GMT"
    assert said == [f"{ref}: page to dora by sms delivered"]
    assert desk.outbox() == []
    assert verified(desk).is_intact


def test_a_watcher_without_methods_sends_nothing_and_judges_no_page(
    desk: Desk, clock: FixedClock, start: Callable[..., Deliveries]
) -> None:
    ref = critical(desk)
    clock.set(at(120))
    assert not tick(start(), desk)
    assert events(desk, ref)[-1] == "paged"


def test_what_was_sent_but_not_recorded_is_sent_again_with_the_same_key(
    desk: Desk, clock: FixedClock, start: Callable[..., Deliveries], sms: FakeSender
) -> None:
    ref, killed = critical(desk), KilledSender()
    tick(start(sms=killed), desk)
    wait_until(lambda: len(killed.sent) == 1)
    other = start(sms=sms)
    tick(other, desk)
    assert sms.sent == []
    clock.set(at(CLAIM_LENGTH))
    tick(other, desk)
    wait_for_attempts(desk, ref, 1)
    assert [page.idempotency_key for page in sms.sent] == [killed.sent[0].idempotency_key]


def test_what_takes_long_to_send_is_not_sent_by_another_watcher(
    desk: Desk,
    clock: FixedClock,
    start: Callable[..., Deliveries],
    sms: FakeSender,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(outbox_task, "RENEWED_EVERY", 0)
    ref, slow = critical(desk), FakeSender()
    slow.free.clear()
    task, other = start(sms=slow), start(sms=sms)
    for seconds in range(0, 3 * CLAIM_LENGTH, CLAIM_LENGTH // 2):
        clock.set(at(seconds))
        tick(task, desk)
        wait_until(lambda: len(slow.sent) == 1)
        tick(other, desk)
    assert sms.sent == []
    slow.free.set()
    wait_for_attempts(desk, ref, 1)


def test_of_two_watchers_one_sends(
    desk: Desk, address: str, clock: FixedClock, start: Callable[..., Deliveries], sms: FakeSender
) -> None:
    refs = [critical(desk) for _ in range(5)]
    tasks = [start(sms=sms) for _ in range(2)]
    desks = [Desk.open(address, clock) for _ in tasks]
    threads = [threading.Thread(target=tick, args=pair) for pair in zip(tasks, desks, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(LAST_RESORT)
    wait_until(lambda: all(attempts(desk, ref) == 1 for ref in refs))
    assert sorted(page.reference for page in sms.sent) == sorted(refs)
    for task in tasks:
        task.close()
    for opened in desks:
        opened.close()


def test_an_acknowledgement_between_claim_and_sending_keeps_the_page_from_being_sent(
    desk: Desk, start: Callable[..., Deliveries], sms: FakeSender
) -> None:
    ref = critical(desk)
    task = start(sms=sms)
    shipments = desk.claim_shipments(task._holder, {"sms": (1, 1)})
    done(desk, Acknowledge(ref), by="dora")
    task._send_wanted(desk, shipments[0])
    assert sms.sent == []
    tick(task, desk)
    assert desk.outbox() == []


@pytest.mark.parametrize(
    ("result", "tries"),
    [(not_delivered("refused"), 2), (possibly_delivered("no answer"), 1), (delivered(), 1)],
)
def test_only_what_was_not_delivered_is_sent_again(
    desk: Desk, clock: FixedClock, start: Callable[..., Deliveries], result: SendResult, tries: int
) -> None:
    ref, sms = critical(desk), FakeSender(result)
    task = start(sms=sms)
    tick(task, desk)
    wait_for_attempts(desk, ref, 1)
    clock.set(at(5))
    tick(task, desk)
    wait_for_attempts(desk, ref, tries)
    task.close()
    assert len(sms.sent) == tries
    assert len({page.idempotency_key for page in sms.sent}) == 1


def test_a_slow_method_holds_up_no_other_and_notices_hold_up_no_page(
    desk: Desk, start: Callable[..., Deliveries], sms: FakeSender
) -> None:
    slow = FakeSender()
    slow.free.clear()
    for number in range(20):
        set_addresses(desk, "ann", Address("mail", f"{number}@desk.example"))
        notify(desk, f"n{number}", "ann")
    task = start(sms=sms, mail=slow)
    tick(task, desk)
    wait_until(lambda: len(slow.sent) == 2)
    ref = critical(desk)
    set_addresses(desk, "dora", Address("mail", "dora@desk.example"))
    by_mail = critical(desk)
    tick(task, desk)
    wait_for_attempts(desk, ref, 1)
    wait_until(lambda: slow.sent[-1].reference == by_mail)
    assert len(slow.sent) == 3


def test_more_pages_than_there_is_room_for_follow_at_once(
    desk: Desk, start: Callable[..., Deliveries], sms: FakeSender
) -> None:
    refs = [critical(desk) for _ in range(2 * URGENT_AT_ONCE + 1)]
    task = start(sms=sms)
    tick(task, desk)
    wait_until(lambda: sorted(page.reference for page in sms.sent) == sorted(refs))
    wait_until(lambda: desk.outbox() == [])


def test_what_is_bundled_is_recorded_on_every_ticket(
    desk: Desk, clock: FixedClock, start: Callable[..., Deliveries], mail: FakeSender
) -> None:
    for number in range(60):
        notify(desk, f"n{number}")
    task = start(mail=mail)
    tick(task, desk)
    wait_until(lambda: desk.outbox() == [])
    [page] = mail.sent
    assert len(page.bundled) == 59
    assert page.summary not in page.bundled


def test_nothing_is_started_once_the_watcher_ends(
    desk: Desk, start: Callable[..., Deliveries], sms: FakeSender
) -> None:
    task = start(sms=sms)
    task.close()
    critical(desk)
    tick(task, desk)
    assert sms.sent == []
    assert len(desk.outbox()) == 1


def test_a_method_that_is_added_to_the_settings_is_used_without_a_restart(
    desk: Desk, tmp_path: Path, clock: FixedClock
) -> None:
    config = tmp_path / "config.toml"
    task = of_settings(config, clock)
    ref = critical(desk)
    assert not tick(task, desk)
    assert len(desk.outbox()) == 1
    config.write_text('[watcher.methods.sms]\ncommand = ["true"]\n', encoding="utf-8")
    tick(task, desk)
    wait_for_attempts(desk, ref, 1)
    assert desk.outbox() == []
    task.close()


def test_what_was_claimed_for_a_method_that_is_no_longer_set_up_is_left_to_others(
    desk: Desk, start: Callable[..., Deliveries], sms: FakeSender
) -> None:
    ref, task = critical(desk), start(sms=sms)
    [shipment] = desk.claim_shipments(task._holder, {"sms": (1, 1)})
    task._send_wanted(desk, shipment)
    assert (attempts(desk, ref), sms.sent) == (0, [])
    tick(task, desk)
    wait_for_attempts(desk, ref, 1)
