"""Sending what waits in the outbox of a real desk, with senders of the test."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from supportdesk.clock import FixedClock
from supportdesk.desk import Desk
from supportdesk.tickets.actors import WATCHER
from supportdesk.tickets.documents import Address
from supportdesk.tickets.outbox.pacing import AT_ONE_ADDRESS, CLAIM_LENGTH
from supportdesk.tickets.process.sending import EscalateUnsent
from supportdesk.tickets.process.steps import TakeSteps
from supportdesk.tickets.process.triage import Acknowledge
from supportdesk.tickets.records.commands import SavePerson, SendNotice
from supportdesk.watcher import deliveries, under_way
from supportdesk.watcher.current_settings import CurrentSettings
from supportdesk.watcher.deliveries import Deliveries
from supportdesk.watcher.sending.page import OutgoingPage
from supportdesk.watcher.sending.sender import (
    Sender,
    SendResult,
    delivered,
    not_delivered,
    possibly_delivered,
)
from supportdesk.watcher.settings_senders import SettingsSenders
from supportdesk.watcher.under_way import (
    GIVE_UP_AFTER,
    MOST_HANGING,
    OTHERS_AT_ONCE,
    SLOW_AFTER,
    URGENT_AT_ONCE,
)
from tests.patience import LAST_RESORT, wait_for
from tests.store.desks import done, events, logged, verified
from tests.tickets.scenario import MONDAY_NINE


class FakeSender:
    """Notes what it sends and answers with `result`; waits while it is `blocked`."""

    def __init__(self, result: SendResult | None = None) -> None:
        self.sent: list[OutgoingPage] = []
        self.result = result or delivered("accepted")
        self.free = threading.Event()
        self.free.set()

    def send(self, page: OutgoingPage) -> SendResult:
        self.sent.append(page)
        assert self.free.wait(LAST_RESORT)
        return self.result


class KilledSender(FakeSender):
    """Sends, and is killed before anybody learns of it: its thread never comes back."""

    def __init__(self) -> None:
        super().__init__()
        self.free.clear()


@pytest.fixture
def sms() -> FakeSender:
    return FakeSender()


@pytest.fixture
def mail() -> FakeSender:
    return FakeSender()


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def start(said: list[str]) -> Iterator[Callable[..., Deliveries]]:
    """Make watchers' tasks, which end with the test."""
    made: list[tuple[Deliveries, dict[str, Sender]]] = []

    def start(**senders: Sender) -> Deliveries:
        task = Deliveries(said.append, lambda: senders)
        made.append((task, senders))
        return task

    yield start
    for task, senders in made:
        for sender in senders.values():
            assert isinstance(sender, FakeSender)
            sender.free.set()
        task.close()


@pytest.fixture(autouse=True)
def addresses(desk: Desk) -> None:
    """Dora, who is on call, is reached by SMS; Sue and Ann by mail."""
    set_addresses(desk, "dora", Address("sms", "+44 7700 900123"))
    for username in ("sue", "ann"):
        set_addresses(desk, username, Address("mail", f"{username}@desk.example"))


def set_addresses(desk: Desk, username: str, *addresses: Address) -> None:
    person = desk.person(username)
    assert person is not None
    done(desk, SavePerson(replace(person, addresses=addresses)), by="sue")


def of_settings(config: Path, clock: FixedClock) -> Deliveries:
    """Return the task of a watcher with the senders of a settings file."""
    settings = CurrentSettings(config, lambda line: None)
    return Deliveries(lambda line: None, SettingsSenders(settings, clock).load)


def wait_until(condition: Callable[[], bool]) -> None:
    wait_for(condition, lambda: "it has not happened")


def wait_for_attempts(desk: Desk, ref: str, number: int) -> None:
    wait_until(lambda: attempts(desk, ref) == number)


def critical(desk: Desk) -> str:
    return logged(desk, severity="critical", channel="hotline")


def notify(desk: Desk, key: str, person: str = "sue") -> None:
    done(desk, SendNotice((person,), "notice", f"about {key}", key), by=WATCHER.key)


def at(seconds: float) -> datetime:
    return MONDAY_NINE + timedelta(seconds=seconds)


def tick(task: Deliveries, desk: Desk) -> bool:
    return task.tick(desk, desk.now(), is_stopped=lambda: False)


def attempts(desk: Desk, ref: str) -> int:
    return events(desk, ref).count("send attempted")


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
    monkeypatch.setattr(deliveries, "RENEWED_EVERY", 0)
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


def test_nothing_is_started_once_the_watcher_ends(
    desk: Desk, start: Callable[..., Deliveries], sms: FakeSender
) -> None:
    task = start(sms=sms)
    task.close()
    critical(desk)
    tick(task, desk)
    assert sms.sent == []
    assert len(desk.outbox()) == 1


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
    assert events(desk, ref)[-1] == "paged"
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


class Monotonic:
    """A monotonic clock that tests move."""

    now = 1000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Monotonic:
    made = Monotonic()
    monkeypatch.setattr(under_way, "time", made)
    return made


def test_a_sender_that_hangs_is_given_up_and_what_it_says_later_changes_nothing(
    desk: Desk, clock: FixedClock, start: Callable[..., Deliveries], time: Monotonic
) -> None:
    ref, hanging = critical(desk), FakeSender(not_delivered("too late"))
    hanging.free.clear()
    task = start(sms=hanging)
    tick(task, desk)
    wait_until(lambda: len(hanging.sent) == 1)
    [thread] = task._under_way.list_threads()
    time.now += GIVE_UP_AFTER - 1
    tick(task, desk)
    assert attempts(desk, ref) == 0
    time.now += 1
    tick(task, desk)
    assert attempts(desk, ref) == 1
    phrase = desk.ticket(ref).timeline[-1].phrase
    assert phrase is not None
    assert "no answer within 330 s" in phrase.sentence
    assert task.fault == "sms hangs and never answers"
    assert task._under_way.list_threads() == [], "the end of the watcher does not wait for it"
    hanging.free.set()
    thread.join(LAST_RESORT)
    assert (attempts(desk, ref), desk.outbox(), task.fault) == (1, [], "")
    clock.set(at(2 * CLAIM_LENGTH))
    tick(task, desk)
    assert len(hanging.sent) == 1, "what was possibly delivered is not sent again"


def test_messages_that_hang_at_one_address_delay_no_other_by_the_same_method(
    desk: Desk, start: Callable[..., Deliveries]
) -> None:
    class HangsAtOne(FakeSender):
        def send(self, page: OutgoingPage) -> SendResult:
            if page.target == "+44 7700 900123":
                return super().send(page)
            self.sent.append(page)
            return self.result

    sms = HangsAtOne()
    sms.free.clear()
    for _ in range(2 * URGENT_AT_ONCE):
        critical(desk)
    task = start(sms=sms)
    tick(task, desk)
    wait_until(lambda: len(sms.sent) == AT_ONE_ADDRESS)
    set_addresses(desk, "dora", Address("sms", "+44 7700 900124"))
    ref = critical(desk)
    tick(task, desk)
    wait_for_attempts(desk, ref, 1)
    assert len(sms.sent) == AT_ONE_ADDRESS + 1


def test_what_is_slow_takes_up_no_room_until_too_much_hangs(
    desk: Desk, start: Callable[..., Deliveries], time: Monotonic, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = FakeSender()
    slow.free.clear()
    for number in range(2 * OTHERS_AT_ONCE):
        set_addresses(desk, "ann", Address("mail", f"{number}@desk.example"))
        notify(desk, f"n{number}", "ann")
    task = start(mail=slow)
    tick(task, desk)
    wait_until(lambda: len(slow.sent) == OTHERS_AT_ONCE)
    time.now += SLOW_AFTER
    tick(task, desk)
    wait_until(lambda: len(slow.sent) == 2 * OTHERS_AT_ONCE)
    assert task._under_way.find_room(["mail"]) == {"mail": (URGENT_AT_ONCE, 0)}
    time.now += GIVE_UP_AFTER
    tick(task, desk)
    assert task._under_way.find_room(["mail"]) == {"mail": (URGENT_AT_ONCE, OTHERS_AT_ONCE)}
    monkeypatch.setattr(under_way, "MOST_HANGING", 2 * OTHERS_AT_ONCE)
    assert MOST_HANGING > 2 * OTHERS_AT_ONCE
    assert task._under_way.find_room(["mail", "sms"]) == {"sms": (URGENT_AT_ONCE, OTHERS_AT_ONCE)}
