"""The rules of the rota: who may change it for whom, and what must not happen to it."""

from __future__ import annotations

from dataclasses import replace as replaced
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from supportdesk.tickets.documents import (
    Absence,
    Address,
    Line,
    Membership,
    Override,
    Rotation,
    Swap,
    SwapState,
    TurnUnit,
)
from supportdesk.tickets.permissions import refuse_actor
from supportdesk.tickets.records.commands import RecordCommand, SaveRotation
from supportdesk.tickets.records.events import AbsenceSaved, OverrideSaved, RotationSaved, SwapSaved
from supportdesk.tickets.records.rota_commands import (
    AcceptSwap,
    ApproveSwap,
    CloseSwap,
    EndAbsence,
    EndOverride,
    OfferSwap,
    OverrideShifts,
    RecordAbsence,
)
from supportdesk.tickets.records.rules import decide_record
from supportdesk.tickets.refusal import Refusal
from supportdesk.tickets.rota.duty import duty
from supportdesk.tickets.rota.gaps import GapCause, find_gaps
from tests.tickets.scenario import MONDAY_NINE, RECORDS, Scenario

FIRST = Line.FIRST
HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(weeks=1)
NEXT_MONDAY = datetime(2026, 11, 30, 8, tzinfo=UTC)
"""Dora has the shift at MONDAY_NINE until the 30th, Priya the one after it."""


class Rota:
    """The records of a desk, changed by commands."""

    def __init__(self, **changes: Any) -> None:
        self.scenario = Scenario().with_records(**changes)

    def do(self, command: RecordCommand, by: str = "sue") -> None:
        decision = self._decide(command, by)
        assert not isinstance(decision, Refusal), decision.reason
        records = self.scenario.records
        for event in decision:
            match event:
                case OverrideSaved(override):
                    records = replace(records, overrides=(*_others(records.overrides, override), override))
                case SwapSaved(swap):
                    records = replace(records, swaps=(*_others(records.swaps, swap), swap))
                case AbsenceSaved(absence):
                    records = replace(records, absences=(*_others(records.absences, absence), absence))
                case RotationSaved(rotation):
                    records = replace(records, rotations=(*records.rotations, rotation))
        self.scenario.records = records

    def refused(self, command: RecordCommand, by: str = "sue") -> str:
        decision = self._decide(command, by)
        assert isinstance(decision, Refusal), decision
        return decision.reason

    def _decide(self, command: RecordCommand, by: str) -> Any:
        case = self.scenario.case(by)
        return refuse_actor(case, type(command)) or decide_record(case, command)

    def on_call(self, at: datetime) -> str:
        person = duty(self.scenario.records, at).on_call
        return person.username if person is not None else ""


def _others(documents: Any, document: Any) -> Any:
    return (each for each in documents if each.number != document.number)


def override(
    person: str = "sam", start: datetime = MONDAY_NINE, end: datetime = MONDAY_NINE + DAY
) -> OverrideShifts:
    return OverrideShifts(FIRST, start, end, person, "cover")


def test_an_override_is_made_and_ended_and_what_is_over_stays() -> None:
    rota = Rota()
    rota.do(override())
    assert (rota.on_call(MONDAY_NINE), rota.on_call(MONDAY_NINE + DAY)) == ("sam", "dora")
    rota.scenario.later(hours=2)
    rota.do(EndOverride(1))
    assert [rota.on_call(MONDAY_NINE + each * HOUR) for each in (1, 2)] == ["sam", "dora"]
    assert "it ended on Mon 23 Nov 2026 11:00 GMT" in rota.refused(EndOverride(1))
    assert "there is no override 7; look at the rota" in rota.refused(EndOverride(7))


def test_an_override_that_has_not_begun_is_cancelled() -> None:
    rota = Rota()
    rota.do(override(start=MONDAY_NINE + DAY, end=MONDAY_NINE + 2 * DAY))
    rota.do(EndOverride(1))
    assert rota.on_call(MONDAY_NINE + DAY + HOUR) == "dora"
    assert "there is no override 1" in rota.refused(EndOverride(1))


def test_a_supervisor_may_put_anybody_on_call_instead_and_others_need_an_agreement() -> None:
    rota = Rota()
    assert rota.refused(override("priya"), by="sam") == (
        "only Priya or an administrator or a supervisor (Dora or Sue) may do this; ask them"
    )
    assert rota.refused(override("sam"), by="sam") == (
        "Dora is on call on Mon 23 Nov 2026 09:00 GMT, and only an administrator or a supervisor (Dora or Sue)"
        " may put you on call instead; ask them to offer you the shift, or to name you as their deputy"
    )
    rota.do(override("priya"), by="sue")
    assert rota.on_call(MONDAY_NINE) == "priya"
    # Priya would give the shift back to Dora, who has not agreed either.
    assert rota.refused(EndOverride(1), by="priya") == (
        "Dora would be on call again on Mon 23 Nov 2026 09:00 GMT, and only an administrator or a supervisor"
        " (Dora or Sue) may decide that; offer the shift for a swap"
    )
    rota.do(EndOverride(1), by="sue")


def test_everybody_may_cover_a_gap_and_overlap_their_own_shift_but_nobody_elses() -> None:
    rota = Rota()
    rota.do(RecordAbsence("dora", MONDAY_NINE, MONDAY_NINE + DAY, despite_gap=True), by="dora")
    rota.do(override("sam"), by="sam")
    assert rota.on_call(MONDAY_NINE) == "sam"
    rota.do(override("sam", MONDAY_NINE + HOUR, MONDAY_NINE + DAY), by="sam")
    too_long = override("sam", MONDAY_NINE, MONDAY_NINE + DAY + HOUR)
    assert "Dora is on call on Tue 24 Nov 2026 09:00 GMT" in rota.refused(too_long, by="sam")
    rota.do(replaced(EndOverride(2), despite_gap=True), by="sam")
    rota.do(replaced(EndOverride(1), despite_gap=True), by="sam")
    assert rota.on_call(MONDAY_NINE) == ""


def test_who_was_on_call_does_not_change() -> None:
    rota = Rota()
    assert "has passed, and who was on call then stays" in rota.refused(override(start=MONDAY_NINE - HOUR))
    assert "ends before it starts" in rota.refused(override(end=MONDAY_NINE))
    away = RecordAbsence("dora", MONDAY_NINE - HOUR, MONDAY_NINE + DAY, "priya")
    assert "has passed" in rota.refused(away)


def without_address(username: str) -> Rota:
    silent = replace(RECORDS.staff[username], telephone="", email="")
    return Rota(staff={**RECORDS.staff, username: silent})


def test_a_person_without_an_address_cannot_be_put_on_the_rota() -> None:
    rota = without_address("sam")
    reason = (
        "Sam has neither a telephone number nor an email address, so no page would reach them; add one first"
    )
    assert rota.refused(override("sam")) == reason
    assert rota.refused(SaveRotation(Rotation(("priya", "sam"), NEXT_MONDAY, "Europe/London"))) == reason
    assert rota.refused(RecordAbsence("dora", MONDAY_NINE, MONDAY_NINE + DAY, "sam")) == reason
    rota.scenario.records = replace(
        rota.scenario.records, swaps=(Swap(1, FIRST, "priya", NEXT_MONDAY, NEXT_MONDAY + WEEK),)
    )
    assert rota.refused(AcceptSwap(1), by="sam") == reason


@pytest.mark.parametrize(
    ("changes", "methods", "reachable"),
    [
        ({"telephone": "+44 20 7946 0018"}, (), True),
        ({"telephone": "+44 20 7946 0018"}, ("mail",), False),
        ({"email": "sam@desk.example"}, ("mail",), True),
        ({"email": "sam@desk.example"}, ("sms",), False),
        ({"addresses": (Address("pigeon", "Sam"),)}, (), True),
        ({"addresses": (Address("pigeon", "Sam"), Address("sms", "1"))}, ("mail", "sms"), True),
        ({"addresses": (Address("call", "1"),), "email": "sam@desk.example"}, ("mail", "sms"), False),
    ],
)
def test_rule_18_an_address_is_one_that_a_watcher_can_send_to_where_one_can_send_at_all(
    changes: dict[str, Any], methods: tuple[str, ...], reachable: bool
) -> None:
    rota = without_address("sam")
    sam = replace(rota.scenario.records.staff["sam"], **changes)
    staff = {**rota.scenario.records.staff, "sam": sam}
    known = frozenset(methods)
    rota.scenario.records = replace(rota.scenario.records, staff=staff, load_methods=lambda: known)
    if reachable:
        rota.do(override("sam"))
    else:
        assert rota.refused(override("sam")) == (
            f"Sam has no address for {' or '.join(methods)}, by which pages are sent here, so no page would reach"
            " them; add one first"
        )
    gaps = find_gaps(
        replace(rota.scenario.records, rotations=(Rotation(("sam",), MONDAY_NINE, "Europe/London"),)),
        NEXT_MONDAY,
        NEXT_MONDAY + DAY,
    )
    assert {gap.cause for gap in gaps} == (set() if reachable else {GapCause.NO_ADDRESS})


def test_a_rotation_that_starts_in_the_past_leaves_who_was_on_call() -> None:
    present = RECORDS.rotations[0]
    assert present.members == ("priya", "dora")
    rota = Rota()
    since_this_morning = Rotation(("sam",), MONDAY_NINE - HOUR, "Europe/London")
    assert rota.refused(SaveRotation(since_this_morning)) == (
        "Dora was on call on Mon 23 Nov 2026 08:00 GMT, and that stays; "
        "let the rotation start now or later, or override a single shift"
    )
    assert "Priya was on call on Mon 2 Nov" in rota.refused(SaveRotation(replace(present, members=("dora",))))
    rota.do(SaveRotation(replace(since_this_morning, members=("dora", "sam"))))
    assert rota.on_call(MONDAY_NINE + WEEK) == "sam"
    # Where nobody was on call, that stays too; but a line's first rotation may have started already.
    ended = Rota(rotations=(replace(present, ends=MONDAY_NINE - 2 * HOUR),))
    assert "nobody was on call on Mon 23 Nov" in ended.refused(SaveRotation(since_this_morning))
    Rota(rotations=()).do(SaveRotation(since_this_morning))


def test_a_new_gap_in_the_next_14_days_needs_confirmation() -> None:
    rota = Rota()
    away = RecordAbsence("priya", NEXT_MONDAY, NEXT_MONDAY + DAY)
    assert rota.refused(away) == (
        "nobody would be on call from Mon 30 Nov 2026 08:00 GMT to Tue 1 Dec 2026 08:00 GMT; "
        "confirm it if that is meant"
    )
    rota.do(RecordAbsence("priya", NEXT_MONDAY, NEXT_MONDAY + DAY, despite_gap=True))
    assert rota.on_call(NEXT_MONDAY) == ""
    # The gap is known: a change that leaves it as it was is not asked about again.
    rota.do(override("sam", NEXT_MONDAY, NEXT_MONDAY + HOUR))
    assert "nobody would be on call" in rota.refused(EndOverride(1))
    rota.do(override("sam", NEXT_MONDAY + 2 * DAY, NEXT_MONDAY + 3 * DAY))
    twice = RecordAbsence("priya", NEXT_MONDAY + DAY, NEXT_MONDAY + 4 * DAY)
    assert "to Wed 2 Dec 2026 08:00 GMT, and once more; confirm" in rota.refused(twice)
    later = RecordAbsence("dora", MONDAY_NINE + 5 * WEEK, MONDAY_NINE + 6 * WEEK)
    rota.do(later)


def test_a_rotation_that_ends_or_that_everybody_leaves_needs_confirmation() -> None:
    ending = Rotation(("priya",), NEXT_MONDAY, "Europe/London", ends=NEXT_MONDAY + DAY)
    leaving = Rotation(
        ("priya",), NEXT_MONDAY, "Europe/London", memberships=(Membership("priya", leaves=date(2026, 12, 2)),)
    )
    for rotation in (ending, leaving):
        assert "nobody would be on call from" in Rota().refused(SaveRotation(rotation))
        Rota().do(SaveRotation(rotation, despite_gap=True))


def test_a_first_rotation_for_later_is_no_new_gap() -> None:
    Rota(rotations=()).do(SaveRotation(Rotation(("priya",), NEXT_MONDAY, "Europe/London")))
    Rota().do(SaveRotation(Rotation(("priya",), NEXT_MONDAY, "Europe/London", line=Line.SECOND)))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"every": 0}, "a turn lasts 1 to 366 weeks, not 0"),
        ({"layer": -1}, "there is no layer below the base"),
        ({"ends": NEXT_MONDAY}, "it ends before it starts"),
        ({"timezone": "Europe/Lundun"}, "is not a time zone"),
        ({"memberships": (Membership("sam"),)}, "Sam joins or leaves, but is not a member"),
        (
            {"memberships": (Membership("priya", date(2026, 12, 2), date(2026, 12, 1)),)},
            "Priya leaves before they join",
        ),
        ({"layer": 1, "starts": MONDAY_NINE - DAY}, "cannot start in the past"),
        ({"starts": MONDAY_NINE - 10 * WEEK}, "the rotation in force began later"),
    ],
)
def test_a_rotation_that_makes_no_sense_is_refused(changes: dict[str, Any], reason: str) -> None:
    rotation = Rotation(("priya",), NEXT_MONDAY, "Europe/London", unit=TurnUnit.WEEKS)
    assert reason in Rota().refused(SaveRotation(replace(rotation, **changes)))


def test_a_swap_is_offered_accepted_and_approved() -> None:
    rota = Rota()
    rota.do(OfferSwap(FIRST, NEXT_MONDAY + HOUR), by="priya")
    assert "this shift is offered already; see swap 1" in rota.refused(
        OfferSwap(FIRST, NEXT_MONDAY), by="priya"
    )
    assert "nobody has accepted it yet" in rota.refused(ApproveSwap(1))
    assert "you offered it yourself" in rota.refused(AcceptSwap(1), by="priya")
    rota.do(AcceptSwap(1, in_return=NEXT_MONDAY + WEEK), by="dora")
    assert [rota.on_call(NEXT_MONDAY + each * WEEK) for each in (0, 1)] == ["priya", "dora"]
    assert rota.refused(ApproveSwap(1), by="sam").startswith("only an administrator or a supervisor (")
    assert "it is your own swap" in rota.refused(ApproveSwap(1), by="dora")
    rota.do(ApproveSwap(1), by="sue")
    assert [rota.on_call(NEXT_MONDAY + each * WEEK) for each in (0, 1)] == ["dora", "priya"]
    swap = rota.scenario.records.swaps[0]
    assert (swap.state, swap.approved_by, swap.approved_at) == (SwapState.APPROVED, "sue", MONDAY_NINE)
    assert "there is no open swap 1" in rota.refused(CloseSwap(1))


def test_a_swap_is_offered_by_the_person_whose_shift_it_is_before_it_begins() -> None:
    rota = Rota()
    assert "Priya is on call on" in rota.refused(OfferSwap(FIRST, NEXT_MONDAY), by="sam")
    assert "this shift has begun already; override it" in rota.refused(
        OfferSwap(FIRST, MONDAY_NINE), by="dora"
    )
    assert rota.refused(OfferSwap(FIRST, NEXT_MONDAY, offered_by="priya"), by="sam").startswith(
        "only Priya or"
    )
    rota.do(OfferSwap(FIRST, NEXT_MONDAY, colleague="sam", offered_by="priya"), by="sue")
    assert "it is offered to Sam only" in rota.refused(AcceptSwap(1), by="ann")
    assert rota.refused(OfferSwap(FIRST, NEXT_MONDAY, colleague="priya"), by="priya").startswith(
        "the shift is"
    )


def test_a_swap_is_withdrawn_by_the_one_and_declined_by_the_other() -> None:
    for by, state in (
        ("priya", SwapState.WITHDRAWN),
        ("sam", SwapState.DECLINED),
        ("sue", SwapState.DECLINED),
    ):
        rota = Rota()
        rota.do(OfferSwap(FIRST, NEXT_MONDAY, colleague="sam"), by="priya")
        assert rota.refused(CloseSwap(1), by="ann").startswith("only Priya or")
        rota.do(CloseSwap(1), by=by)
        assert rota.scenario.records.swaps[0].state is state
        assert "cannot be accepted" in rota.refused(AcceptSwap(1), by="sam")


def test_a_swap_of_a_shift_that_has_changed_since_is_not_approved() -> None:
    rota = Rota()
    rota.do(OfferSwap(FIRST, NEXT_MONDAY), by="priya")
    rota.do(AcceptSwap(1), by="sam")
    rota.do(override("ann", NEXT_MONDAY, NEXT_MONDAY + DAY))
    assert (
        "the shift of Priya from Mon 30 Nov 2026 08:00 GMT has changed since; offer it again"
        in rota.refused(ApproveSwap(1))
    )


def test_a_swap_with_somebody_who_is_away_then_needs_confirmation() -> None:
    rota = Rota()
    rota.do(OfferSwap(FIRST, NEXT_MONDAY), by="priya")
    rota.do(AcceptSwap(1), by="sam")
    rota.do(RecordAbsence("sam", NEXT_MONDAY, NEXT_MONDAY + DAY), by="sam")
    assert "nobody would be on call" in rota.refused(ApproveSwap(1))
    rota.do(ApproveSwap(1, despite_gap=True))


def test_deputies_chain_and_a_circle_is_refused() -> None:
    rota = Rota()
    end = MONDAY_NINE + DAY
    rota.do(RecordAbsence("dora", MONDAY_NINE, end, "priya"), by="dora")
    rota.do(RecordAbsence("priya", MONDAY_NINE, end, "sam"), by="priya")
    assert rota.on_call(MONDAY_NINE + HOUR) == "sam"
    refusal = rota.refused(RecordAbsence("sam", MONDAY_NINE + HOUR, end, "dora"), by="sam")
    assert refusal == (
        "nobody would be left to deputise: Sam for Priya for Dora for Sam; choose another deputy"
    )
    assert "Sam for Sam" in rota.refused(RecordAbsence("sam", MONDAY_NINE, end, "sam"), by="sam")
    rota.do(RecordAbsence("sam", end, end + DAY, "dora"), by="sam")
    rota.scenario.later(hours=3)
    rota.do(EndAbsence(2), by="sue")
    assert [rota.on_call(MONDAY_NINE + each * HOUR) for each in (2, 3)] == ["sam", "priya"]
    assert rota.refused(EndAbsence(1), by="ann").startswith("only Dora or")
    assert "there is no absence 9" in rota.refused(EndAbsence(9))


def test_what_rules_save_is_what_the_timeline_shows() -> None:
    rota = Rota()
    rota.do(override())
    assert rota.scenario.records.overrides == (
        Override(1, FIRST, MONDAY_NINE, MONDAY_NINE + DAY, "sam", MONDAY_NINE, "cover"),
    )
    rota.do(RecordAbsence("sam", MONDAY_NINE, MONDAY_NINE + HOUR, "ann", "dentist"))
    assert rota.scenario.records.absences == (
        Absence(1, "sam", MONDAY_NINE, MONDAY_NINE + HOUR, "ann", "dentist"),
    )
    found = duty(rota.scenario.records, MONDAY_NINE)
    assert (found.reason, found.instead_of, found.ends) == ("deputy", "sam", MONDAY_NINE + HOUR)
