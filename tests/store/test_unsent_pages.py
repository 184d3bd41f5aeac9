"""Pages that reached their people by no method in time, in a real store (rule 24)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from supportdesk.clock import FixedClock
from supportdesk.desk import Desk
from supportdesk.tickets.actors import WATCHER
from supportdesk.tickets.process.assignment import Claim
from supportdesk.tickets.process.closure import Close, Reopen
from supportdesk.tickets.process.escalation import Escalate
from supportdesk.tickets.process.sending import EscalateUnsent
from supportdesk.tickets.process.steps import TakeSteps
from supportdesk.tickets.process.triage import Acknowledge
from supportdesk.tickets.process.undo import Undo
from tests.store.desks import (
    done,
    events,
    logged,
    refused,
    verified,
)
from tests.store.outboxes import at, claim, claim_one, critical, outbox_desk, report, set_addresses, waiting


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


def test_a_page_that_its_person_passes_on_escalates_although_another_method_had_delivered_it(
    desk: Desk, clock: FixedClock
) -> None:
    ref = critical(desk)
    report(desk, claim_one(desk), "delivered")
    clock.set(at(125))
    call = claim_one(desk)
    assert desk.due_refs(at(125)) == []
    report(desk, call, "delivered", "2 was pressed", declined=True)
    assert events(desk, ref)[-2:] == ["send attempted", "page unsent"]
    line = desk.ticket(ref).timeline[-1].phrase
    assert line is not None
    assert line.sentence == "passed on Dora's page: 2 was pressed"
    assert desk.due_refs(at(125)) == [ref]
    done(desk, TakeSteps(ref), by=WATCHER.key)
    assert "dora" not in [page.person for page in desk.ticket(ref).pages[1:]]
    assert verified(desk).is_intact


def test_a_page_that_was_acknowledged_meanwhile_is_not_passed_on(desk: Desk) -> None:
    ref = critical(desk)
    message = claim_one(desk)
    done(desk, Acknowledge(ref), by="dora")
    report(desk, message, "delivered", "2 was pressed", declined=True)
    assert events(desk, ref)[-1] == "send attempted"


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


def test_a_page_whose_acknowledgement_is_undone_is_sent_after_all(desk: Desk, clock: FixedClock) -> None:
    ref = logged(desk, severity="high")
    done(desk, Escalate(ref, "help", "hierarchical"), by="ann")
    assert waiting(desk) == [("sue", "page", "mail", 0)]
    done(desk, Acknowledge(ref, paged="sue"), by="dora")
    assert claim(desk) == []
    clock.set(at(65))
    assert desk.unsent_pages() == []
    done(desk, Undo(ref), by="dora")
    assert waiting(desk) == [("sue", "page", "mail", 65)]
    clock.set(at(125))
    assert [page.person for page in desk.unsent_pages()] == ["sue"]
    report(desk, claim_one(desk), "delivered")
    assert (waiting(desk), desk.unsent_pages()) == ([], [])


def test_an_undone_command_sends_no_page_that_was_sent_or_acknowledged_before(
    desk: Desk, clock: FixedClock
) -> None:
    ref = critical(desk)
    report(desk, claim_one(desk), "delivered")
    done(desk, Acknowledge(ref, paged="dora"), by="sue")
    clock.set(at(120))
    assert claim(desk) == []
    done(desk, Undo(ref), by="sue")
    assert waiting(desk) == [("dora", "page", "call", 240)], "the telephone, which had not rung yet"
    clock.set(at(180))
    assert desk.unsent_pages() == []
    done(desk, Acknowledge(ref), by="dora")
    clock.set(at(240))
    assert claim(desk) == []
    done(desk, Claim(ref), by="dora")
    done(desk, Undo(ref), by="dora")
    assert waiting(desk) == []


def test_an_undone_acknowledgement_escalates_no_unsent_page_again(desk: Desk, clock: FixedClock) -> None:
    ref = critical(desk)
    clock.set(at(60))
    [page] = desk.unsent_pages()
    done(desk, EscalateUnsent(ref, "dora"), by=WATCHER.key, command_id=page.command_id)
    done(desk, Acknowledge(ref, paged="dora"), by="sue")
    done(desk, Undo(ref), by="sue")
    clock.set(at(600))
    assert desk.unsent_pages() == []
    assert verified(desk).is_intact


def test_an_open_page_of_a_ticket_that_is_reopened_is_sent_after_all(desk: Desk, clock: FixedClock) -> None:
    ref = critical(desk)
    done(desk, Close(ref, "withdrawn", "they rang off"), by="sue")
    clock.set(at(180))
    assert (claim(desk), desk.unsent_pages()) == ([], [])
    done(desk, Reopen(ref, "they rang again"), by="sue")
    assert waiting(desk) == [("dora", "page", "sms", 180), ("dora", "page", "call", 300)]
    clock.set(at(240))
    assert [page.person for page in desk.unsent_pages()] == ["dora"]
    assert verified(desk).is_intact
