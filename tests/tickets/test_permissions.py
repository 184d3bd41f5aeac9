"""Who may give which command, and whose names a refusal gives."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import msgspec
import pytest

from supportdesk.tickets import permissions
from supportdesk.tickets.actors import StaffActor
from supportdesk.tickets.command import EVERYBODY, Command
from supportdesk.tickets.decide import EVERY_COMMAND
from supportdesk.tickets.decision_context import CaseRecords
from supportdesk.tickets.documents import Person, Role
from supportdesk.tickets.permissions import name_permitted, refuse_person
from supportdesk.tickets.process.assignment import Assign, Claim, HandBack
from supportdesk.tickets.process.policy import MoveToPolicy
from supportdesk.tickets.process.resolution import RecordContact, Resolve
from supportdesk.tickets.records.commands import InstallPolicy, RecordCommand
from tests.tickets.scenario import RECORDS, Scenario, logged

STAFF = tuple(RECORDS.staff.values())
ANN, SUE = RECORDS.staff["ann"], RECORDS.staff["sue"]


@pytest.mark.parametrize("command", EVERY_COMMAND, ids=lambda each: each.__name__)
def test_every_command_says_who_may_give_it(command: type[Command]) -> None:
    assert isinstance(getattr(command, "needs", None), frozenset), "say `needs`: some roles, or EVERYBODY"
    assert command.needs <= set(Role)


def test_the_list_of_commands_leaves_none_out() -> None:
    assert {Assign, Resolve, InstallPolicy, *get_args(RecordCommand)} <= set(EVERY_COMMAND)


@pytest.mark.parametrize("command", EVERY_COMMAND, ids=lambda each: each.__name__)
@pytest.mark.parametrize("role", Role)
def test_a_person_without_the_role_is_refused_naming_who_has_it(command: type[Command], role: Role) -> None:
    person = Person("x", "Xenia", "user-support", (role,))
    refusal = refuse_person(command, person, STAFF)
    if command.needs == EVERYBODY or role in command.needs:
        assert refusal is None
    else:
        assert refusal is not None
        assert refusal.reason.startswith("only a"), "who may stands first"
        assert refusal.reason.endswith("may do this; Xenia may not")
        named = [each.name for each in STAFF if command.needs & set(each.roles)]
        assert all(name in refusal.reason for name in named[:1])


def test_of_many_permitted_people_the_first_three_are_named_and_the_others_counted() -> None:
    many = [Person(f"s{n}", f"S{n}", "user-support", (Role.SUPERVISOR,)) for n in range(5)]
    assert name_permitted({Role.SUPERVISOR}, many[:1]) == "a supervisor (S0)"
    assert name_permitted({Role.SUPERVISOR}, many[:3]) == "a supervisor (S0, S1 or S2)"
    assert name_permitted({Role.SUPERVISOR}, many) == "a supervisor (S0, S1, S2 or 2 more)"


def test_a_person_who_has_left_is_not_named() -> None:
    gone = msgspec.structs.replace(SUE, active=False)
    assert name_permitted({Role.SUPERVISOR}, [gone]) == "a supervisor (there is none on the staff)"


def test_all_permitted_roles_are_named() -> None:
    assert (
        name_permitted(RecordContact.needs, STAFF) == "an account manager or a supervisor (Dora, Max or Sue)"
    )
    assert name_permitted(MoveToPolicy.needs, STAFF) == "an administrator or a supervisor (Dora or Sue)"


def claimed() -> Scenario:
    scenario = logged()
    scenario.do(Claim(scenario.now.ref), by="ann")
    return scenario


def test_a_refused_agent_is_referred_to_the_supervisors_by_name() -> None:
    scenario = claimed()
    for command in (
        Claim(scenario.now.ref),
        Assign(scenario.now.ref, owner="dev"),
        HandBack(scenario.now.ref, "why"),
    ):
        assert "a supervisor (Dora or Sue)" in scenario.refused(command, by="sam")


def test_a_supervisor_is_never_referred_to_a_supervisor() -> None:
    scenario = claimed()
    reason = scenario.refused(Claim(scenario.now.ref), by="sue")
    assert "supervisor" not in reason
    assert "assign it to yourself" in reason


def test_a_refusal_says_where_nobody_has_the_role() -> None:
    scenario = replace(claimed(), records=CaseRecords(staff={"ann": ANN, "sam": RECORDS.staff["sam"]}))
    assert "there is none on the staff" in scenario.refused(HandBack(scenario.now.ref, "why"), by="sam")


def test_the_powers_of_a_supervisor_are_those_of_the_role() -> None:
    assert permissions.is_supervisor(StaffActor(SUE))
    assert not permissions.is_supervisor(StaffActor(ANN))
