"""Who can give a command: staff, contacts and services, each of them permitted or refused in the same place."""

from __future__ import annotations

import dataclasses
from typing import Any

import msgspec
import pytest

from supportdesk.tickets import permissions
from supportdesk.tickets.actors import (
    INTAKE,
    SERVICES,
    SYSTEM,
    WATCHER,
    Actor,
    ContactActor,
    StaffActor,
    is_reserved,
)
from supportdesk.tickets.command import EVERYBODY, Command, TicketCommand
from supportdesk.tickets.decide import EVERY_COMMAND, decide
from supportdesk.tickets.decision_context import DecisionContext
from supportdesk.tickets.permissions import find_actor, is_permitted, refuse_actor
from supportdesk.tickets.process.conversation import Note
from supportdesk.tickets.process.customer_message import AddCustomerMessage
from supportdesk.tickets.process.linking import LinkTicket
from supportdesk.tickets.process.sending import EscalateUnsent, RecordAttempt, RecordBounce
from supportdesk.tickets.process.steps import TakeSteps
from supportdesk.tickets.process.teams import may_claim
from supportdesk.tickets.process.triage import Log
from supportdesk.tickets.record_undo import UndoRecord
from supportdesk.tickets.records.commands import (
    AcknowledgeNotice,
    EraseContact,
    RecordCommand,
    SaveArticle,
    SendNotice,
    WithdrawNotice,
)
from supportdesk.tickets.records.incoming_commands import AccountMessage, SettleMessage
from supportdesk.tickets.records.shift_commands import AcceptHandover, HandOverShift, WithdrawHandover
from supportdesk.tickets.records.voicemail_commands import AddTranscript, MarkHeard, RecordMissedCall
from supportdesk.tickets.refusal import Refusal
from tests.tickets.scenario import MONDAY_NINE, RECORDS, claritum, logged

ANN, JO = RECORDS.staff["ann"], RECORDS.contacts["jo"]
ACTORS: tuple[Actor, ...] = (
    *(StaffActor(person) for person in RECORDS.staff.values()),
    ContactActor(JO),
    *SERVICES.values(),
)
RECORD_COMMANDS = RecordCommand.__args__
OF_THE_WATCHER = [EscalateUnsent, TakeSteps]
"""The commands on tickets that the watcher may give."""

BESIDE_TICKETS = {RecordAttempt, SendNotice, WithdrawNotice}
"""What else the watcher may do."""

OF_INTAKE = {AccountMessage, AddCustomerMessage, LinkTicket, Log, RecordBounce}
"""What the intake of messages may do; a contact may do the second of them."""

BY_PEOPLE = {
    *(AcceptHandover, AcknowledgeNotice, EraseContact, HandOverShift, WithdrawHandover),
    *(MarkHeard, RecordMissedCall, SettleMessage),
}
"""The commands on records that only a person can give."""

OF_INTAKE |= {AddTranscript}


def named(actor: Actor) -> str:
    return actor.key


def case(actor: Actor) -> DecisionContext:
    return DecisionContext(MONDAY_NINE, actor, claritum(), RECORDS, logged().ticket)


def with_any_values(command: type[Command]) -> Any:
    """A command whose values nobody should look at, because its actor may not give it."""
    given = [field for field in dataclasses.fields(command) if field.default is dataclasses.MISSING]
    return command(**{field.name: "?" for field in given})


@pytest.mark.parametrize("command", EVERY_COMMAND, ids=lambda each: each.__name__)
@pytest.mark.parametrize("actor", ACTORS, ids=named)
def test_every_command_of_every_actor_is_permitted_or_refused_with_a_reason(
    command: type[Command], actor: Actor
) -> None:
    refusal = refuse_actor(case(actor), command)
    assert (refusal is None) == is_permitted(actor, command)
    if refusal is not None:
        assert refusal.reason.startswith("only a"), "who may stands first"
        assert actor.name in refusal.reason


@pytest.mark.parametrize(
    "command",
    sorted(
        set(EVERY_COMMAND) - {*RECORD_COMMANDS, UndoRecord, *OF_THE_WATCHER, *BESIDE_TICKETS, *OF_INTAKE},
        key=repr,
    ),
    ids=lambda each: each.__name__,
)
@pytest.mark.parametrize("actor", [ContactActor(JO), *SERVICES.values()], ids=named)
def test_no_rule_is_asked_where_the_actor_may_not_give_the_command(
    command: type[Command], actor: Actor
) -> None:
    decision = decide(case(actor), with_any_values(command))
    assert decision == refuse_actor(case(actor), command)
    assert isinstance(decision, Refusal)


def test_a_contact_may_write_about_a_ticket_and_the_refusal_of_anything_else_names_who_may() -> None:
    assert [each for each in EVERY_COMMAND if is_permitted(ContactActor(JO), each)] == [AddCustomerMessage]
    refusal = refuse_actor(case(ContactActor(JO)), Note)
    assert refusal == Refusal("only a member of staff may do this; Jo Park is a contact of a customer")


def test_the_program_itself_saves_every_kind_of_record_and_does_nothing_else() -> None:
    assert {command for command in EVERY_COMMAND if is_permitted(SYSTEM, command)} == (
        set(RECORD_COMMANDS) - BY_PEOPLE - OF_INTAKE
    )
    refusal = refuse_actor(case(SYSTEM), Note)
    assert refusal == Refusal("only a member of staff may do this; supportdesk is not on the staff")


def test_a_command_on_a_ticket_is_open_to_no_service_by_oversight() -> None:
    open_to_some = [
        command
        for command in EVERY_COMMAND
        if issubclass(command, TicketCommand) and (command.open_to_services or command.open_to_contacts)
    ]
    assert sorted(open_to_some, key=repr) == [AddCustomerMessage, LinkTicket, *OF_THE_WATCHER]
    assert {each for each in EVERY_COMMAND if is_permitted(INTAKE, each)} == OF_INTAKE
    assert {each for each in EVERY_COMMAND if is_permitted(WATCHER, each)} == {
        *OF_THE_WATCHER,
        *BESIDE_TICKETS,
    }


@pytest.mark.parametrize("actor", ACTORS, ids=named)
def test_the_key_in_the_ledger_finds_its_actor_again(actor: Actor) -> None:
    assert find_actor(actor.key, RECORDS.staff, RECORDS.contacts.get) == actor


@pytest.mark.parametrize("key", ["mallory", "contact mallory", "service mallory", ""])
def test_an_unknown_key_is_refused_by_name(key: str) -> None:
    refusal = find_actor(key, RECORDS.staff, RECORDS.contacts.get)
    assert isinstance(refusal, Refusal)
    assert refusal.reason.startswith(f"{key!r} is not on the staff")


def test_who_has_left_acts_no_more() -> None:
    left = msgspec.structs.replace(ANN, active=False)
    refusal = find_actor("ann", {"ann": left}, RECORDS.contacts.get)
    assert isinstance(refusal, Refusal)
    assert refusal.reason == "Ann is not on the staff any more; an administrator can change that"


def test_no_member_of_staff_can_have_the_key_of_a_contact_or_a_service() -> None:
    assert all(is_reserved(actor.key) == (not isinstance(actor, StaffActor)) for actor in ACTORS)


def test_only_a_member_of_a_team_may_own_a_ticket() -> None:
    assert may_claim(case(StaffActor(ANN)))
    assert not may_claim(case(ContactActor(JO)))
    assert not may_claim(case(SYSTEM))


def test_only_staff_have_roles() -> None:
    assert all(bool(actor.roles) == isinstance(actor, StaffActor) for actor in ACTORS)
    assert SaveArticle.needs == EVERYBODY
    assert not is_permitted(ContactActor(JO), SaveArticle)
    assert not permissions.is_supervisor(SYSTEM)
