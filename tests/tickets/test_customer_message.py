"""What a customer writes about a ticket: at every stage and during every hold, by whomever it is added."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

import pytest
from msgspec.structs import replace

from supportdesk.sla.clocks import ClockKind, State
from supportdesk.tickets.actors import INTAKE, WATCHER, Actor, ContactActor
from supportdesk.tickets.decide import decide
from supportdesk.tickets.documents import Contact
from supportdesk.tickets.events import CustomerWrote, Reopened, WaitEnded
from supportdesk.tickets.process.assignment import Assign, Claim
from supportdesk.tickets.process.closure import WITHDRAWN, Close, Reopen, takes_new_ticket
from supportdesk.tickets.process.conversation import Reply
from supportdesk.tickets.process.customer_message import PORTAL, AddCustomerMessage
from supportdesk.tickets.process.resolution import PromiseFix, Resolve, Wait
from supportdesk.tickets.process.undo import Undo
from supportdesk.tickets.refusal import Refusal
from supportdesk.tickets.ticket import CUSTOMER, RELEASE, THIRD_PARTY
from tests.tickets.scenario import RECORDS, Scenario, logged

REF = "CD-0000-0"
MESSAGE = AddCustomerMessage(REF, "It stopped again.")
WROTE = CustomerWrote("jo", "Jo Park", "It stopped again.")
ELSEWHERE = Contact("elsewhere", "globex", "Elsa Where")
OLD = datetime(2026, 12, 7, 9, 0, 1, tzinfo=UTC)
"""The second after the 10 working days in which what was resolved on that Monday can be reopened."""


def decided(scenario: Scenario, command: AddCustomerMessage, actor: Actor) -> list[object] | Refusal:
    """What comes of a command of an actor who may not be on the staff."""
    decision = decide(replace(scenario.case("ann"), actor=actor), command)
    return decision if isinstance(decision, Refusal) else [*decision]


def claimed() -> Scenario:
    scenario = logged()
    scenario.do(Claim(REF), by="ann")
    return scenario


def resolved() -> Scenario:
    scenario = claimed()
    scenario.do(Resolve(REF, "Restarted."))
    return scenario


def closed() -> Scenario:
    scenario = resolved()
    scenario.do(Close(REF))
    return scenario


def withdrawn() -> Scenario:
    scenario = logged()
    scenario.do(Close(REF, WITHDRAWN, "It was us."))
    return scenario


def on_hold(on: str) -> Scenario:
    scenario = logged("medium")
    scenario.do(Reply(REF, "Which version is it?"))
    if on == RELEASE:
        scenario.do(PromiseFix(REF, "2026.12"))
    scenario.do(Wait(REF, on))
    return scenario


def assigned() -> Scenario:
    scenario = logged()
    scenario.do(Assign(REF, owner="sam"))
    return scenario


BEGINS: dict[str, Callable[[], Scenario]] = {
    "triage": logged,
    "assignment": assigned,
    "resolution": claimed,
    "resolved": resolved,
    "closed": closed,
    "withdrawn": withdrawn,
    **{f"on hold for {on}": partial(on_hold, on) for on in (CUSTOMER, THIRD_PARTY, RELEASE)},
}


@pytest.mark.parametrize("begins", BEGINS.values(), ids=BEGINS)
def test_at_every_stage_and_in_every_hold_a_message_does_what_it_may_and_nothing_else(
    begins: Callable[[], Scenario],
) -> None:
    scenario = begins()
    before, hold = scenario.now, scenario.now.waiting
    after = scenario.later(minutes=5).do(MESSAGE, by="priya")
    kinds = [type(event) for event in scenario.events]
    ends_hold = hold is not None and hold.on == CUSTOMER
    assert kinds == [
        CustomerWrote,
        *([WaitEnded] if ends_hold else []),
        *([] if before.is_open else [Reopened]),
    ]
    assert after.is_open
    assert after.waiting == (None if ends_hold else hold)
    assert (after.owner, after.team, after.last_reply_at) == (before.owner, before.team, before.last_reply_at)
    if before.is_open:
        assert after.stage is before.stage
        assert after.response_verdict == before.response_verdict


@pytest.mark.parametrize("begins", [resolved, closed, withdrawn])
def test_rule_10_a_message_reopens_a_ticket_as_the_command_does(begins: Callable[[], Scenario]) -> None:
    written, reopened = begins().later(hours=5), begins().later(hours=5)
    written.do(MESSAGE)
    reopened.do(Reopen(REF, "It stopped again."))
    assert replace(written.now, version=0) == replace(reopened.now, version=0)
    for kind in ClockKind:
        assert written.later(hours=1).clock_status(kind) == reopened.later(hours=1).clock_status(kind)


@pytest.mark.parametrize("begins", [resolved, closed])
@pytest.mark.parametrize("actor", [INTAKE, ContactActor(RECORDS.contacts["jo"])], ids=lambda each: each.key)
def test_rule_10_after_the_time_for_reopening_only_a_new_ticket_takes_a_message(
    begins: Callable[[], Scenario], actor: Actor
) -> None:
    scenario = begins()
    scenario.at = OLD
    refusal = decided(scenario, MESSAGE, actor)
    assert isinstance(refusal, Refusal)
    assert takes_new_ticket(refusal)
    assert "log a new request and link it" in refusal.reason
    scenario.at = OLD.replace(second=0)
    assert not isinstance(decided(scenario, MESSAGE, actor), Refusal)


def test_a_refusal_for_another_reason_does_not_ask_for_a_new_ticket() -> None:
    for command in (replace_text(" "), AddCustomerMessage(REF, "Hello", contact="stranger")):
        assert not takes_new_ticket(closed().refusal(command))


def replace_text(text: str) -> AddCustomerMessage:
    return AddCustomerMessage(REF, text)


def test_a_message_is_in_its_writers_name_whoever_adds_it() -> None:
    scenario = logged()
    kim = RECORDS.contacts["kim"]
    by_kim = CustomerWrote("kim", "Kim Lo", "It stopped again.")
    assert decided(scenario, MESSAGE, INTAKE) == [WROTE]
    assert decided(scenario, AddCustomerMessage(REF, "It stopped again.", "kim"), INTAKE) == [by_kim]
    assert decided(scenario, MESSAGE, ContactActor(kim)) == [by_kim]
    scenario.do(AddCustomerMessage(REF, "It stopped again.", "kim", PORTAL), by="sam")
    assert [event.sentence() for event in scenario.events] == [
        "Kim Lo wrote on the portal: It stopped again."
    ]
    assert WROTE.sentence() == "Jo Park wrote by email: It stopped again."


def test_a_contact_writes_in_their_own_name_and_about_their_own_organisations_tickets_only() -> None:
    scenario = logged().with_records(contacts={**RECORDS.contacts, "elsewhere": ELSEWHERE})
    other = AddCustomerMessage(REF, "Hello", contact="jo")
    kim = ContactActor(RECORDS.contacts["kim"])
    assert decided(scenario, other, kim) == Refusal(
        "Kim Lo can write in their own name only; name no other contact"
    )
    assert decided(scenario, MESSAGE, ContactActor(ELSEWHERE)) == Refusal(
        "Elsa Where is not a contact of this ticket's customer; they can write about their own tickets"
    )


@pytest.mark.parametrize("contact", ["stranger", "elsewhere"])
def test_neither_staff_nor_intake_add_a_message_of_another_customers_contact(contact: str) -> None:
    scenario = logged().with_records(contacts={**RECORDS.contacts, "elsewhere": ELSEWHERE})
    command = AddCustomerMessage(REF, "Hello", contact=contact)
    assert "is not a contact of that organisation" in scenario.refused(command)
    assert isinstance(decided(scenario, command, INTAKE), Refusal)


def test_no_other_service_adds_a_message() -> None:
    refusal = decided(logged(), MESSAGE, WATCHER)
    assert isinstance(refusal, Refusal)
    assert refusal.reason.startswith("only a member of staff may do this")


def test_a_message_without_words_is_refused() -> None:
    assert logged().refused(replace_text(" \n ")) == "say what the customer wrote"


def test_rule_03_a_message_stops_no_clock() -> None:
    scenario = logged().later(minutes=5)
    scenario.do(MESSAGE)
    for kind in ClockKind:
        assert scenario.clock_status(kind).state is State.OK


def test_rule_06_after_a_message_a_hold_for_the_customer_needs_another_question() -> None:
    scenario = on_hold(CUSTOMER)
    scenario.later(minutes=5).do(MESSAGE)
    assert "reply with a question first" in scenario.later(minutes=1).refused(Wait(REF))


def test_a_message_is_sent_to_the_owner_unless_they_added_it_themselves() -> None:
    scenario = claimed()
    scenario.do(MESSAGE, by="sam")
    assert scenario.events == [replace(WROTE, owner="ann")]
    scenario.do(MESSAGE, by="ann")
    assert scenario.events == [WROTE]
    unowned = logged()
    unowned.do(MESSAGE, by="sam")
    assert unowned.events == [WROTE]


def test_a_message_that_somebody_added_to_the_wrong_ticket_can_be_undone() -> None:
    scenario = resolved()
    before = scenario.now
    scenario.do(MESSAGE)
    scenario.do(Undo(REF))
    assert replace(scenario.now, version=before.version, changed_at=before.changed_at) == before
    assert (
        scenario.events[0].sentence() == "undid the last action: customer wrote; reopened: the customer wrote"
    )


def test_a_message_that_came_by_mail_is_not_undone() -> None:
    scenario = logged()
    scenario.do(AddCustomerMessage(REF, "Hello", mail="7f3a"))
    assert scenario.events == [CustomerWrote("jo", "Jo Park", "Hello", mail="7f3a")]
    assert "what came by mail stays on its ticket" in scenario.refused(Undo(REF))


def test_who_cannot_undo_what_a_contact_wrote_reads_the_contacts_name() -> None:
    scenario = logged()
    scenario.apply(WROTE, by="contact jo")
    assert (
        scenario.refused(Undo(REF))
        == "the last change is Jo Park's (customer wrote); you can undo only your own"
    )
