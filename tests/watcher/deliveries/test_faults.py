"""What cannot be sent, recorded or escalated: it is reported, escalated, and holds up nothing else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from supportdesk.clock import FixedClock
from supportdesk.desk import Desk
from supportdesk.tickets.actors import WATCHER
from supportdesk.tickets.outbox.pacing import CLAIM_LENGTH
from supportdesk.tickets.process.sending import EscalateUnsent
from supportdesk.tickets.process.steps import TakeSteps
from supportdesk.watcher.deliveries import Deliveries
from supportdesk.watcher.sending.page import OutgoingPage
from supportdesk.watcher.sending.sender import (
    SendResult,
    delivered,
    not_delivered,
)
from tests.store.desks import done, events
from tests.watcher.deliveries.fake_sender import (
    FakeSender,
    at,
    attempts,
    critical,
    of_settings,
    set_addresses,
    tick,
    wait_for_attempts,
    wait_until,
)


def test_a_page_that_no_method_could_send_escalates(
    desk: Desk, clock: FixedClock, start: Callable[..., Deliveries], said: list[str]
) -> None:
    ref, sms = critical(desk), FakeSender(not_delivered("the gateway is down"))
    task = start(sms=sms)
    tick(task, desk)
    wait_for_attempts(desk, ref, 1)
    clock.set(at(60))
    assert tick(task, desk), "what falls due by it is done at once"
    assert "page unsent" in events(desk, ref)
    assert desk.due_refs(at(60)) == [ref]
    assert f"{ref}: the page to dora could not be sent by any method" in said


def test_a_method_that_keeps_failing_is_reported_until_it_works(
    desk: Desk, clock: FixedClock, start: Callable[..., Deliveries]
) -> None:
    ref, sms = critical(desk), FakeSender(not_delivered("the gateway is down"))
    task = start(sms=sms)
    for turn in range(3):
        assert task.fault == ""
        clock.set(at(25 * turn))
        tick(task, desk)
        wait_for_attempts(desk, ref, turn + 1)
    assert task.fault == "sms is failing: the gateway is down"
    sms.result = delivered()
    clock.set(at(100))
    tick(task, desk)
    wait_until(lambda: task.fault == "")


def test_a_sender_that_raises_counts_as_not_delivered(desk: Desk, start: Callable[..., Deliveries]) -> None:
    class Broken(FakeSender):
        def send(self, page: OutgoingPage) -> SendResult:
            raise RuntimeError("secret")

    ref = critical(desk)
    tick(start(sms=Broken()), desk)
    wait_for_attempts(desk, ref, 1)
    phrase = desk.ticket(ref).timeline[-1].phrase
    assert phrase is not None
    assert "a fault in the program: RuntimeError" in phrase.sentence
    assert "secret" not in phrase.sentence


def test_what_cannot_be_recorded_is_remembered_and_not_sent_a_second_time(
    desk: Desk, address: str, clock: FixedClock, start: Callable[..., Deliveries], sms: FakeSender
) -> None:
    ref = critical(desk)
    task, first = start(sms=sms), Desk.open(address, clock)
    sms.free.clear()
    tick(task, first)
    wait_until(lambda: len(sms.sent) == 1)
    first.close()
    sms.free.set()
    wait_until(lambda: "1 attempts to send cannot be recorded" in task.fault)
    clock.set(at(CLAIM_LENGTH))
    tick(task, desk)
    assert attempts(desk, ref) == 1
    assert task.fault == ""
    assert len(sms.sent) == 1


def test_two_watchers_that_notice_the_same_unsent_page_escalate_it_once(
    desk: Desk, clock: FixedClock, start: Callable[..., Deliveries], monkeypatch: pytest.MonkeyPatch
) -> None:
    ref, broken = critical(desk), FakeSender(not_delivered("the gateway is down"))
    first, second = start(sms=broken), start(sms=broken)
    tick(first, desk)
    wait_for_attempts(desk, ref, 1)
    clock.set(at(60))
    noticed = desk.unsent_pages()
    assert tick(first, desk)
    done(desk, TakeSteps(ref), by=WATCHER.key)
    # Another attempt at the first page may be recorded at any moment.
    assert [each for each in events(desk, ref) if each != "send attempted"][-1] == "paged"
    with monkeypatch.context() as patch:
        patch.setattr(desk, "unsent_pages", lambda: noticed)
        assert not tick(second, desk)
    assert events(desk, ref).count("page unsent") == 1
    clock.set(at(120))
    assert [page.person for page in desk.unsent_pages()] == ["sue"], "the page that followed is watched too"


def test_a_page_that_cannot_be_escalated_keeps_no_other_from_it(
    desk: Desk, start: Callable[..., Deliveries], sms: FakeSender, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_addresses(desk, "dora")
    first, second = critical(desk), critical(desk)
    do = desk.do

    def fail(command: Any, **more: Any) -> Any:
        if command == EscalateUnsent(first, "dora", "no address is known"):
            raise ValueError
        return do(command, **more)

    monkeypatch.setattr(desk, "do", fail)
    task = start(sms=sms)
    assert tick(task, desk)
    assert task.fault == f"the unsent page of {first} cannot be escalated (ValueError)"
    monkeypatch.setattr(desk, "do", do)
    assert events(desk, second).count("page unsent") == 1
    assert tick(task, desk)
    assert (events(desk, first).count("page unsent"), task.fault) == (1, "")


def test_a_watcher_whose_methods_cannot_be_used_says_so_and_escalates_what_nobody_sent(
    desk: Desk, tmp_path: Path, clock: FixedClock
) -> None:
    config = tmp_path / "config.toml"
    config.write_text('[watcher.methods.sms]\ncomand = ["/usr/local/bin/send-sms"]\n', encoding="utf-8")
    task = of_settings(config, clock)
    ref = critical(desk)
    assert not tick(task, desk)
    assert task.fault == "the method sms of the settings cannot be used"
    clock.set(at(60))
    assert tick(task, desk)
    assert events(desk, ref)[-1] == "page unsent"
    task.close()


def test_settings_that_cannot_be_read_are_a_fault_of_the_watcher(
    desk: Desk, tmp_path: Path, clock: FixedClock
) -> None:
    config = tmp_path / "config.toml"
    config.write_text("[watcher.methods.sms\n", encoding="utf-8")
    task = of_settings(config, clock)
    assert not tick(task, desk)
    assert task.fault == "the settings cannot be used, and nothing can be sent"
    config.write_text("", encoding="utf-8")
    other = of_settings(config, clock)
    assert not tick(other, desk)
    assert other.fault == ""
