"""Senders that hang or are slow: they are given up, and hold up nothing else."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from supportdesk.clock import FixedClock
from supportdesk.desk import Desk
from supportdesk.tickets.documents import Address
from supportdesk.tickets.outbox.pacing import AT_ONE_ADDRESS, CLAIM_LENGTH
from supportdesk.watcher import under_way
from supportdesk.watcher.deliveries import Deliveries
from supportdesk.watcher.sending.page import OutgoingPage
from supportdesk.watcher.sending.sender import (
    SendResult,
    not_delivered,
)
from supportdesk.watcher.under_way import (
    GIVE_UP_AFTER,
    MOST_HANGING,
    OTHERS_AT_ONCE,
    SLOW_AFTER,
    URGENT_AT_ONCE,
)
from tests.patience import LAST_RESORT
from tests.watcher.deliveries.fake_sender import (
    FakeSender,
    at,
    attempts,
    critical,
    notify,
    set_addresses,
    tick,
    wait_for_attempts,
    wait_until,
)


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
