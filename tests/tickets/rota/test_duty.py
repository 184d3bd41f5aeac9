"""Who is on call, and who is paged where nobody is (rule 18)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from supportdesk.sla.policy import Rung
from supportdesk.tickets.documents import Absence, Handover, Override, Person, Rotation, Swap
from supportdesk.tickets.process.triage import Log
from supportdesk.tickets.records.commands import SaveRotation
from supportdesk.tickets.records.events import RotationSaved
from supportdesk.tickets.records.rules import decide_record
from supportdesk.tickets.refusal import Refusal
from supportdesk.tickets.rota.duty import Duty, duty, find_duty_gaps, next_duty, next_shift
from supportdesk.tickets.rota.layers import with_rotation
from tests.tickets.scenario import MONDAY_NINE, RECORDS, Scenario, claritum, person

START = datetime(2026, 3, 16, 8, tzinfo=UTC)
LONDON = Rotation(("ann", "ben", "cat"), START, "Europe/London")
MANAGER, DIRECTOR = Rung("manager", "Support Manager"), Rung("director", "Director")
PEOPLE = tuple(person(name, "support") for name in ("ann", "ben", "cat"))


@dataclass(frozen=True)
class Data:
    """What the rota depends on."""

    rotations: Sequence[Rotation] = (LONDON,)
    people: Sequence[Person] = PEOPLE
    ladder: Sequence[Rung] = (MANAGER, DIRECTOR)
    overrides: Sequence[Override] = ()
    swaps: Sequence[Swap] = ()
    absences: Sequence[Absence] = ()
    handovers: Sequence[Handover] = ()
    staff: Mapping[str, Person] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "staff", {each.username: each for each in self.people})

    def find_methods(self) -> frozenset[str]:
        return frozenset()

    def ladder_at(self, at: datetime) -> Sequence[Rung]:
        return self.ladder


def march(day: int, hour: int = 12, minute: int = 0, second: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, second, tzinfo=UTC)


def on_call(data: Data, at: datetime) -> str:
    found = duty(data, at).on_call
    return found.username if found is not None else ""


def without(left: str, *others: Person) -> tuple[Person, ...]:
    gone = (msgspec.structs.replace(each, active=each.username != left) for each in PEOPLE)
    return (*gone, *others)


def test_each_member_has_a_week_in_turn_and_the_turn_comes_round_again() -> None:
    days = (march(16), march(23), march(30), datetime(2026, 4, 6, 12, tzinfo=UTC))
    assert [on_call(Data(), day) for day in days] == ["ann", "ben", "cat", "ann"]


def test_handover_is_at_the_same_wall_clock_time_across_the_change_to_summer_time() -> None:
    shift = duty(Data(), march(29))
    assert (shift.began, shift.ends) == (march(23, 8), march(30, 7))


def test_the_handover_second_belongs_to_the_one_who_takes_over() -> None:
    assert [on_call(Data(), at) for at in (march(30, 6, 59, 59), march(30, 7))] == ["ben", "cat"]


def test_nobody_is_on_call_before_the_rotation_starts_or_without_one() -> None:
    assert duty(Data(), march(16, 7, 59, 59)) == Duty(None, None, START)
    assert duty(Data(rotations=()), march(20)) == Duty(None, None, None)
    assert duty(Data(rotations=(Rotation((), START, "UTC"),)), march(20)).person is None


def test_rule_18_a_rotation_that_is_set_for_later_leaves_the_one_in_force_until_it_starts() -> None:
    planned = Rotation(("cat", "ann"), march(26, 9), "Europe/London")
    data = Data(with_rotation((LONDON,), planned))
    assert on_call(data, march(26, 8, 59, 59)) == "ben"
    assert duty(data, march(24)).ends == march(26, 9)
    assert on_call(data, march(26, 9)) == "cat"
    assert on_call(data, march(20)) == "ann"
    following = next_duty(data, march(24))
    assert following is not None
    assert (following.on_call, following.began) == (PEOPLE[2], march(26, 9))


def test_rule_18_a_rotation_set_for_now_leaves_a_planned_one_to_start_in_its_time() -> None:
    planned = Rotation(("cat",), march(26, 9), "Europe/London")
    data = Data(with_rotation(with_rotation((LONDON,), planned), Rotation(("ann",), march(24), "UTC")))
    assert [on_call(data, at) for at in (march(24), march(26, 9))] == ["ann", "cat"]


def test_rule_18_a_planned_rotation_is_corrected_by_one_with_its_start_and_cancelled_by_one_without_members() -> (
    None
):
    planned = with_rotation((LONDON,), Rotation(("cat",), march(26, 9), "UTC"))
    corrected = with_rotation(planned, Rotation(("ann",), march(26, 9), "UTC"))
    assert on_call(Data(corrected), march(27)) == "ann"
    cancelled = Data(with_rotation(planned, Rotation((), march(26, 9), "UTC")))
    assert on_call(cancelled, march(27)) == "ben"
    assert duty(cancelled, march(25)).ends == march(30, 7)


def test_rule_18_somebody_who_has_left_holds_no_shift_anywhere() -> None:
    data = Data(people=without("ben"))
    assert on_call(data, march(24)) == ""
    assert duty(data, march(24)).left == "ben"
    assert next_shift(data, "ben", march(16)) is None
    following = next_duty(data, march(20))
    assert following is not None
    assert following.on_call is None


def test_rule_18_in_a_gap_the_lowest_rung_that_somebody_reachable_holds_is_the_last_resort() -> None:
    karen = person("karen", "support", rungs=("manager",))
    dora = person("dora", "support", rungs=("director",))
    silent = msgspec.structs.replace(karen, telephone="")
    gone = msgspec.structs.replace(karen, active=False)
    for holder, paged, rung in ((karen, karen, MANAGER), (silent, dora, DIRECTOR), (gone, dora, DIRECTOR)):
        found = duty(Data(people=without("ben", dora, holder)), march(24))
        assert (found.person, found.rung, found.on_call) == (paged, rung, None)
    assert duty(Data(people=without("ben", silent)), march(24)).person is None


def test_rule_18_the_last_resort_can_be_reached_by_an_email_address_as_well() -> None:
    silent = person("eve", "support", rungs=("manager",))
    by_mail = msgspec.structs.replace(silent, telephone="", email="eve@desk.example")
    found = duty(Data(rotations=(), people=(*PEOPLE, by_mail)), march(17))
    assert (found.person, found.rung) == (by_mail, MANAGER)


def test_rule_18_gaps_are_known_before_they_come() -> None:
    data = Data(people=without("ben"))
    found = find_duty_gaps(data, march(17))
    assert [(gap.began, gap.left) for gap in found][:2] == [
        (march(23, 8), "ben"),
        (datetime(2026, 4, 13, 7, tzinfo=UTC), "ben"),
    ]
    assert find_duty_gaps(Data(), march(17)) == ()
    assert [(gap.began, gap.ends) for gap in find_duty_gaps(Data(), march(10))] == [(None, START)]
    assert [(gap.began, gap.ends) for gap in find_duty_gaps(Data(rotations=()), march(10))] == [(None, None)]
    everybody_left = tuple(msgspec.structs.replace(each, active=False) for each in PEOPLE)
    assert next((gap.left, gap.ends) for gap in find_duty_gaps(Data(people=everybody_left), march(17))) == (
        "ann",
        march(23, 8),
    )
    alone = Data((Rotation(("ben",), START, "UTC"),), without("ben"))
    assert [(gap.began, gap.ends) for gap in find_duty_gaps(alone, march(17))] == [(START, None)]


def test_rule_18_the_next_shift_of_somebody_is_found_in_a_rotation_that_starts_much_later() -> None:
    planned = Rotation(("dan",), datetime(2026, 12, 7, 8, tzinfo=UTC), "Europe/London")
    data = Data((LONDON, planned), (*PEOPLE, person("dan", "support")))
    shift = next_shift(data, "dan", march(17))
    assert shift is not None
    assert shift.began == planned.starts


ZONES = st.sampled_from(["Europe/London", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "UTC"])


@given(
    zone=ZONES,
    starts=st.integers(0, 365 * 86_400).map(lambda seconds: START + timedelta(seconds=seconds)),
    members=st.integers(1, 5),
    weeks=st.integers(0, 70),
)
def test_rule_18_turns_follow_each_other_at_the_same_wall_clock_time_and_skip_nobody(
    zone: str, starts: datetime, members: int, weeks: int
) -> None:
    people = tuple(person(f"member{number}", "support") for number in range(members))
    data = Data((Rotation(tuple(each.username for each in people), starts, zone),), people)
    local = starts.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    each: Duty | None = duty(data, starts)
    for week in range(weeks + 1):
        assert each is not None
        assert each.began is not None
        assert each.ends is not None
        assert each.on_call == people[week % members]
        assert duty(data, each.ends - timedelta(seconds=1)) == each
        wall = (local + timedelta(weeks=week)).replace(tzinfo=ZoneInfo(zone))
        assert each.began == (wall.astimezone(UTC) if week else starts)
        for member in people:
            shift = next_shift(data, member.username, each.began)
            assert shift is not None
            assert shift.on_call == member
            assert shift.began is not None
            assert shift.began - each.began < timedelta(weeks=members)
        each = next_duty(data, each.began)


def test_rule_18_a_critical_in_a_gap_pages_the_last_resort_and_says_so() -> None:
    scenario = Scenario().with_records(rotations=())
    scenario.do(Log("critical", "hotline", "acme", "jo", "Nobody can log in"))
    assert scenario.now.page is not None
    assert scenario.now.page.person == "sue"
    assert scenario.events[1].sentence().endswith("but nobody is on call; last resort: Support Manager")


def kept(rotation: Rotation, *, was: Rotation | None = None) -> str:
    """Why a rotation is not kept; an empty text where it is."""
    scenario = Scenario()
    sam_has_left(scenario)
    decision = decide_record(scenario.case("sue"), SaveRotation(rotation, was=was))
    if isinstance(decision, Refusal):
        return decision.reason
    assert decision == [RotationSaved(rotation)]
    return ""


def sam_has_left(scenario: Scenario) -> Scenario:
    sam = msgspec.structs.replace(RECORDS.staff["sam"], active=False)
    return scenario.with_records(staff={**RECORDS.staff, "sam": sam})


@pytest.mark.parametrize(
    ("members", "days", "reason"),
    [
        (("priya",), 1, ""),
        (("sam", "priya"), 1, "no longer on the staff: Sam"),
        (("ghost",), 1, "not on the staff: ghost"),
        ((), 1, "no rotation starts then, and none is planned"),
    ],
)
def test_only_those_who_work_here_are_given_turns(members: tuple[str, ...], days: int, reason: str) -> None:
    rotation = Rotation(members, MONDAY_NINE + timedelta(days=days), claritum().timezone)
    found = kept(rotation)
    assert found.startswith(reason)
    assert bool(found) == bool(reason)


def test_a_rotation_that_another_has_changed_meanwhile_is_not_overwritten() -> None:
    (current,) = RECORDS.rotations
    later = Rotation(("priya",), MONDAY_NINE + timedelta(days=1), current.timezone)
    assert kept(later, was=current) == ""
    seen_before = msgspec.structs.replace(current, members=("dora",))
    assert "somebody else has changed it in the meantime" in kept(later, was=seen_before)


def test_rule_18_a_gap_lasts_until_somebody_else_is_on_call() -> None:
    week, monday = timedelta(weeks=1), datetime(2026, 11, 23, 8, tzinfo=UTC)
    gone = msgspec.structs.replace(RECORDS.staff["priya"], active=False)
    left = replace(RECORDS, staff={**RECORDS.staff, "priya": gone})
    alone = Rotation(("priya",), monday, "Europe/London")
    assert duty(replace(left, rotations=(alone,)), monday + week / 2).ends is None
    tuesday = monday + 3 * week + timedelta(days=1)
    followed = replace(left, rotations=(alone, Rotation(("sam",), tuesday, "Europe/London")))
    gap = duty(followed, monday + week / 2)
    assert (gap.ends, gap.on_call) == (tuesday, None)
    assert find_duty_gaps(followed, monday) == (duty(followed, monday),)
    twice = replace(left, rotations=(Rotation(("priya", "priya", "sam"), monday, "Europe/London"),))
    assert duty(twice, monday).ends == monday + 2 * week
