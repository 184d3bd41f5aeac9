"""What was sent to a member of staff, as the present desk and a past one read it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.event import listen, remove

from supportdesk.clock import FixedClock
from supportdesk.desk import Desk
from supportdesk.past import PastDesk
from supportdesk.store import inbox_queries, tables
from supportdesk.tickets.actors import INTAKE, WATCHER
from supportdesk.tickets.documents import Line
from supportdesk.tickets.inbox.entry import InboxEntry, InboxKind
from supportdesk.tickets.process.assignment import Assign, Claim, HandBack, HandOver
from supportdesk.tickets.process.closure import Close
from supportdesk.tickets.process.conversation import Reply
from supportdesk.tickets.process.customer_message import AddCustomerMessage
from supportdesk.tickets.process.steps import TakeSteps
from supportdesk.tickets.process.triage import Acknowledge
from supportdesk.tickets.process.undo import Undo
from supportdesk.tickets.record_undo import UndoRecord
from supportdesk.tickets.records.commands import AcknowledgeNotice, SendNotice
from supportdesk.tickets.records.rota_commands import OfferSwap, OverrideShifts, RecordAbsence
from tests.store.desks import address_of, done, furnished, logged
from tests.store.query_plan import explain
from tests.tickets.scenario import MONDAY_NINE

pytestmark = pytest.mark.usefixtures("database_kind")

MINUTE = timedelta(minutes=1)
WEEK = timedelta(days=7)


class Office:
    """A desk whose clock is moved on; `inbox` reads the present and the past desk, which must agree."""

    def __init__(self, address: str) -> None:
        self._address = address
        self.clock = FixedClock(MONDAY_NINE)
        self.desk = Desk.open(address, self.clock)

    def later(self, minutes: int) -> None:
        self.clock.set(self.clock.now() + minutes * MINUTE)

    def inbox(self, username: str) -> list[InboxEntry]:
        since = MONDAY_NINE - WEEK
        found = self.desk.inbox(username, since)
        past = PastDesk.open(self._address, self.clock.now(), present=self.clock)
        past.controls.pause()
        past.controls.seek(self.clock.now())
        try:
            assert past.inbox(username, since) == found
        finally:
            past.close()
        return found


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    office = Office(furnished(tmp_path))
    yield office
    office.desk.close()


def test_a_page_waits_until_it_is_acknowledged_and_then_says_when(office: Office) -> None:
    ref = logged(office.desk, severity="critical", channel="hotline")
    (entry,) = office.inbox("dora")
    assert (entry.kind, entry.ref, entry.is_open, entry.at) == (InboxKind.PAGE, ref, True, MONDAY_NINE)
    assert (entry.severity, entry.summary, entry.organisation) == (
        "critical",
        "Export stops half-way",
        "Acme Ltd",
    )
    assert entry.text
    office.later(4)
    done(office.desk, Acknowledge(ref), by="dora")
    (after,) = office.inbox("dora")
    assert after.id == entry.id
    assert (after.is_open, after.answer, after.answered_by) == (False, "acknowledged", "")
    assert after.answered_at == MONDAY_NINE + 4 * MINUTE


def test_a_page_that_somebody_else_acknowledged_names_them(office: Office) -> None:
    ref = logged(office.desk, severity="critical", channel="hotline")
    done(office.desk, Acknowledge(ref, paged="dora"), by="sue")
    (entry,) = office.inbox("dora")
    assert (entry.answer, entry.answered_by) == (
        "acknowledged",
        office.desk.roster().reference_data.staff["sue"].name,
    )


def test_of_two_pages_for_a_ticket_the_later_one_waits(office: Office) -> None:
    ref = logged(office.desk, severity="critical", channel="hotline")
    office.later(2)
    done(office.desk, Claim(ref), by="dora")
    office.later(2)
    done(office.desk, HandOver(ref, "priya", "yours"), by="dora")
    done(office.desk, HandOver(ref, "dora", "no, yours"), by="priya")
    pages = [each for each in office.inbox("dora") if each.kind is InboxKind.PAGE]
    assert [(each.is_open, each.answer) for each in pages] == [(True, ""), (False, "acknowledged")]


def test_an_offered_ticket_waits_until_it_is_claimed_given_away_or_handed_back(office: Office) -> None:
    claimed, given, returned = logged(office.desk), logged(office.desk), logged(office.desk)
    for ref in (claimed, given, returned):
        done(office.desk, Assign(ref, owner="sam", note="knows the rules"), by="ann")
        office.later(1)
    waiting = office.inbox("sam")
    assert [(each.kind, each.ref, each.is_open) for each in waiting] == [
        (InboxKind.OFFER, ref, True) for ref in (returned, given, claimed)
    ]
    assert waiting[0].text.endswith(": knows the rules")
    done(office.desk, Claim(claimed), by="sam")
    done(office.desk, Assign(given, owner="sue"), by="ann")
    done(office.desk, HandBack(returned, "not mine"), by="sam")
    answers = {each.ref: each.answer for each in office.inbox("sam") if not each.is_open}
    assert answers == {claimed: "claimed", given: "given to somebody else", returned: "handed back"}


def test_an_offer_that_was_undone_waits_for_nobody(office: Office) -> None:
    ref = logged(office.desk)
    done(office.desk, Assign(ref, owner="sam"), by="ann")
    done(office.desk, Undo(ref), by="ann")
    (entry,) = office.inbox("sam")
    assert (entry.is_open, entry.answer) == (False, "taken back")


def test_what_somebody_did_themselves_is_not_in_their_inbox(office: Office) -> None:
    ref = logged(office.desk)
    done(office.desk, Assign(ref, owner="sam"), by="sam")
    start = MONDAY_NINE + WEEK
    done(office.desk, OverrideShifts(Line.FIRST, start, start + WEEK, "sue"), by="sue")
    assert office.inbox("sam") == []
    assert office.inbox("sue") == []


def test_changes_to_the_rota_reach_those_whom_they_concern(office: Office) -> None:
    start = MONDAY_NINE + WEEK
    done(office.desk, OverrideShifts(Line.FIRST, start, start + WEEK, "priya", "holiday"), by="sue")
    office.later(1)
    done(office.desk, RecordAbsence("ann", start, start + WEEK, "sam"), by="ann")
    (override,) = (each for each in office.inbox("priya") if each.kind is not InboxKind.NOTICE)
    assert override.text.endswith("put you on call from Mon 30 Nov 09:00 GMT to Mon 7 Dec 09:00 GMT: holiday")
    (absence,) = office.inbox("sam")
    assert absence.text.startswith("you deputise for ")
    assert {each.kind for each in (override, absence)} == {InboxKind.ROTA}


def test_a_change_to_the_rota_that_was_undone_is_not_in_an_inbox(office: Office) -> None:
    start = MONDAY_NINE + WEEK
    done(office.desk, OverrideShifts(Line.FIRST, start + WEEK, start + 2 * WEEK, "sam"), by="sue")
    change = office.desk.last_record_change("sue")
    assert change is not None
    done(office.desk, UndoRecord(change.seq), by="sue")
    assert not any(each.kind is InboxKind.ROTA for each in office.inbox("sam"))


def test_a_swap_waits_for_the_colleague_who_is_asked_until_it_is_closed(office: Office) -> None:
    ahead = office.desk.roster().next_duty
    assert ahead is not None
    assert ahead.person is not None
    assert ahead.began is not None
    giver = ahead.person.username
    asked = "priya" if giver != "priya" else "sue"
    done(office.desk, OfferSwap(Line.FIRST, ahead.began, asked, giver), by=giver)
    (entry,) = office.inbox(asked)
    assert (entry.kind, entry.is_open) == (InboxKind.SWAP, True)


def test_what_a_customer_wrote_is_sent_to_the_owner_until_somebody_has_replied(office: Office) -> None:
    ref = logged(office.desk)
    done(office.desk, AddCustomerMessage(ref, "Hello?"), by=INTAKE.key)
    done(office.desk, Claim(ref), by="sam")
    office.later(1)
    done(office.desk, AddCustomerMessage(ref, "It stopped\nagain."), by=INTAKE.key)
    (entry,) = office.inbox("sam")
    assert (entry.kind, entry.ref, entry.answer) == (InboxKind.MESSAGE, ref, "")
    assert entry.text == "Jo Park wrote by email: It stopped again."
    office.later(3)
    done(office.desk, Reply(ref, "We are on it."), by="ann")
    (after,) = office.inbox("sam")
    assert (after.id, after.answer, after.answered_by) == (entry.id, "replied", "Ann")
    assert after.answered_at == MONDAY_NINE + 4 * MINUTE
    assert office.inbox("ann") == []


def test_a_message_waits_no_longer_once_it_is_taken_back_or_another_has_its_ticket(office: Office) -> None:
    refs = [logged(office.desk) for _ in range(4)]
    for ref in refs:
        done(office.desk, Claim(ref), by="sam")
        done(office.desk, AddCustomerMessage(ref, "Any news?"), by=INTAKE.key)
        done(office.desk, AddCustomerMessage(ref, "Any news?"), by="ann")
    undone, given, returned, closed = refs
    done(office.desk, Undo(undone), by="ann")
    done(office.desk, HandOver(given, "sue", "yours"), by="sam")
    done(office.desk, HandBack(returned, "not mine"), by="sam")
    done(office.desk, Close(closed, "withdrawn", "no longer needed"), by="sam")
    answers = [(each.ref, each.answer) for each in office.inbox("sam")]
    assert sorted(answers) == sorted(
        [
            (undone, ""),
            (undone, "taken back"),
            *((given, "given to somebody else"),) * 2,
            *((returned, "handed back"),) * 2,
            *((closed, "the ticket is closed"),) * 2,
        ]
    )


def test_only_what_was_sent_since_an_instant_is_returned(office: Office) -> None:
    ref = logged(office.desk)
    done(office.desk, Assign(ref, owner="sam"), by="ann")
    office.later(5)
    assert office.desk.inbox("sam", office.clock.now()) == []


def test_the_index_of_what_was_sent_holds_every_event_that_sends_something() -> None:
    for tag in (*inbox_queries._SENT_BY_TICKETS, *inbox_queries._SENT_BY_RECORDS):
        assert f"'{tag}'" in f"{tables.SENT} {tables.WROTE} {tables.UNDELIVERED}"


def test_a_step_that_notified_somebody_is_a_notice_until_the_ticket_is_resolved(office: Office) -> None:
    ref = logged(office.desk)
    done(office.desk, Claim(ref), by="sam")
    office.later(150)
    done(office.desk, TakeSteps(ref), by=WATCHER.key)
    (notice,) = office.inbox("sam")
    assert (notice.kind, notice.ref, notice.answer) == (InboxKind.NOTICE, ref, "")
    assert notice.text
    done(office.desk, Close(ref, "withdrawn", "no longer needed"), by="sam")
    (after,) = office.inbox("sam")
    assert after.answer == "the ticket is closed"


def test_a_notice_about_the_desk_reaches_the_people_that_it_names(office: Office) -> None:
    done(
        office.desk,
        SendNotice(("sam", "ann"), "notice", "Nobody is on call on Sunday.", "gap 1"),
        by=WATCHER.key,
    )
    (notice,) = office.inbox("sam")
    assert (notice.kind, notice.ref, notice.text) == (InboxKind.NOTICE, "", "Nobody is on call on Sunday.")
    assert office.inbox("priya") == []


def test_a_page_about_no_ticket_waits_until_it_is_acknowledged(office: Office) -> None:
    done(office.desk, SendNotice(("sam",), "test", "This is a test.", "test 2026-11 sam"), by=WATCHER.key)
    (page,) = office.inbox("sam")
    assert (page.kind, page.is_open, page.notice) == (InboxKind.PAGE, True, "test 2026-11 sam")
    office.later(3)
    done(office.desk, AcknowledgeNotice(page.notice), by="sam")
    (after,) = office.inbox("sam")
    assert (after.is_open, after.answer, after.answered_by) == (False, "acknowledged", "")
    assert after.answered_at == MONDAY_NINE + 3 * MINUTE


def test_what_was_sent_is_found_by_its_index(office: Office) -> None:
    plans: list[str] = []

    def note_plan(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if statement.startswith("SELECT ledger") and "ledger.at" in statement:
            plans.append(str(explain(address_of(office.desk), statement, parameters)))

    listen(Engine, "before_cursor_execute", note_plan)
    try:
        office.desk.inbox("sam", MONDAY_NINE)
        office.desk.page_records(MONDAY_NINE, MONDAY_NINE + WEEK)
    finally:
        remove(Engine, "before_cursor_execute", note_plan)
    assert len(plans) == 5
    assert sum("ix_ledger_sent" in plan for plan in plans) == 3
    assert sum("ix_ledger_wrote" in plan for plan in plans) == 1
    assert sum("ix_ledger_undelivered" in plan for plan in plans) == 1
