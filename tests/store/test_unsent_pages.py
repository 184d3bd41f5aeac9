"""Pages that reached their people by no method in time, in a real store (rule 24)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from supportdesk.clock import FixedClock
from supportdesk.desk import Desk
from supportdesk.tickets.actors import WATCHER
from supportdesk.tickets.process.sending import EscalateUnsent
from supportdesk.tickets.process.steps import TakeSteps
from supportdesk.tickets.process.triage import Acknowledge
from tests.store.desks import (
    done,
    events,
    refused,
    verified,
)
from tests.store.outboxes import at, claim_one, critical, outbox_desk, report, set_addresses, waiting
from tests.tickets.scenario import MONDAY_NINE


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(MONDAY_NINE)


@pytest.fixture
def desk(tmp_path: Path, clock: FixedClock) -> Iterator[Desk]:
    with outbox_desk(tmp_path, clock) as opened:
        yield opened


def test_a_page_that_was_not_sent_within_a_minute_escalates(desk: Desk, clock: FixedClock) -> None:
    ref = critical(desk)
    report(desk, claim_one(desk), "not delivered", "the gateway is down")
    clock.set(at(59))
    assert desk.unsent_pages() == []
    clock.set(at(60))
    [page] = desk.unsent_pages()
    assert (page.ref, page.person) == (ref, "dora")
    assert page.detail == "sms: the gateway is down; call: not tried"
    done(desk, EscalateUnsent(ref, page.person, page.detail), by=WATCHER.key)
    assert desk.unsent_pages() == []
    assert desk.due_refs(at(60)) == [ref]
    done(desk, TakeSteps(ref), by=WATCHER.key)
    assert events(desk, ref)[-2:] == ["step taken", "paged"]
    assert verified(desk).is_intact


@pytest.mark.parametrize("outcome", ["delivered", "possibly delivered"])
def test_a_page_that_may_have_arrived_does_not_escalate_by_itself(
    desk: Desk, clock: FixedClock, outcome: str
) -> None:
    critical(desk)
    report(desk, claim_one(desk), outcome)
    clock.set(at(60))
    assert desk.unsent_pages() == []


def test_a_page_to_somebody_without_an_address_escalates_at_once(desk: Desk) -> None:
    set_addresses(desk, "dora")
    ref = critical(desk)
    assert waiting(desk) == []
    [page] = desk.unsent_pages()
    assert (page.ref, page.detail) == (ref, "no address is known")


def test_an_acknowledged_page_does_not_escalate_because_it_was_not_sent(
    desk: Desk, clock: FixedClock
) -> None:
    ref = critical(desk)
    done(desk, Acknowledge(ref), by="dora")
    clock.set(at(60))
    assert desk.unsent_pages() == []
    assert "no open page" in refused(desk, EscalateUnsent(ref, "dora"), by=WATCHER.key)
