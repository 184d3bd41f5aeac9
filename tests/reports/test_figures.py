"""Each figure of the board, on a desk on which one can count along. It is a Monday; the office is open from 08:00."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from supportdesk.clock import FixedClock
from supportdesk.reports.attainment import Attainment
from supportdesk.reports.board import Board, build_board, needed_since
from supportdesk.reports.breaches import BreachOwner
from supportdesk.reports.causes import Cause
from supportdesk.reports.figure import Figure, Item
from supportdesk.reports.load import Urgency
from supportdesk.reports.periods import month_at, month_name, weeks_up_to
from supportdesk.sla.clocks import ClockKind, epoch
from supportdesk.tickets.command import Command
from supportdesk.tickets.process.assignment import Assign, Claim
from supportdesk.tickets.process.closure import Close, Reopen
from supportdesk.tickets.process.conversation import Reply
from supportdesk.tickets.process.resolution import PromiseFix, ProposeWorkaround, Resolve, Wait
from supportdesk.tickets.process.severity import ChangeSeverity
from supportdesk.tickets.process.triage import Log
from tests.console.fixtures.fake_desk import FakeDesk
from tests.console.fixtures.morning import morning_records

ZONE = "Europe/London"
MONDAY = datetime(2026, 11, 9, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)


class Desk:
    """A desk in memory whose clock is set by what is done."""

    def __init__(self) -> None:
        self.fake = FakeDesk(FixedClock(MONDAY), morning_records())

    def log(self, after: timedelta, severity: str = "high", channel: str = "phone", **more: Any) -> str:
        return self.do(after, Log(severity, channel, "acme", "jo", "Export stops", **more))

    def do(self, after: timedelta, command: Command, by: str = "ann") -> str:
        self.fake.clock.set(MONDAY + after)
        return self.fake.do_as(by, command)

    def board(self, after: timedelta) -> Board:
        self.fake.clock.set(MONDAY + after)
        now = self.fake.now()
        histories = self.fake.history(needed_since(now, ZONE))
        return build_board(histories, self.fake.policies, self.fake.policy, self.fake.roster(), now)


def in_severity(board: Board, key: str) -> tuple[Attainment, Attainment]:
    found = next(each for each in board.month.severities if each.severity == key)
    return found.response, found.resolution


def test_a_promise_that_is_kept_counts_when_it_is_kept_and_runs_until_then() -> None:
    desk = Desk()
    ref = desk.log(HOUR)
    response, resolution = in_severity(desk.board(2 * HOUR), "high")
    assert (response.percent, response.running.refs, resolution.running.refs) == (None, (ref,), (ref,))
    assert response.on_target
    desk.do(2 * HOUR, Claim(ref))
    desk.do(3 * HOUR, Reply(ref, "We look into it."))
    response, resolution = in_severity(desk.board(3 * HOUR), "high")
    assert response.met.items == (Item(epoch(MONDAY + 3 * HOUR), ref, ClockKind.RESPONSE),)
    assert (response.percent, response.running.value, resolution.running.value) == (100, 0, 1)


def test_a_promise_is_broken_in_the_month_in_which_its_time_ran_out() -> None:
    desk = Desk()
    desk.fake.clock.set(datetime(2026, 10, 30, 17, tzinfo=UTC))
    ref = desk.fake.do_as("ann", Log("high", "phone", "acme", "jo", "Export stops"))
    # Due on Monday 2 November at 10:00, after one hour of Friday.
    october = desk.board(datetime(2026, 10, 31, 23, 59, tzinfo=UTC) - MONDAY)
    assert (month_name(october.month.month), october.month.overall.missed.value) == ("October 2026", 0)
    november = desk.board(timedelta(0))
    assert in_severity(november, "high")[0].missed.items == (
        Item(epoch(datetime(2026, 11, 2, 10, 0, 1, tzinfo=UTC)), ref, ClockKind.RESPONSE),
    )
    december = desk.board(timedelta(days=30))
    assert (month_name(december.month.month), december.month.overall.settled) == ("December 2026", 0)


def test_a_promise_that_is_broken_and_made_good_later_is_counted_once() -> None:
    desk = Desk()
    ref = desk.log(timedelta(0))
    before = desk.board(4 * HOUR).month.overall.missed
    desk.do(5 * HOUR, Claim(ref))
    desk.do(5 * HOUR, Reply(ref, "We look into it."))
    assert (
        desk.board(6 * HOUR).month.overall.missed
        == before
        == Figure((Item(epoch(MONDAY + 3 * HOUR) + 1, ref, ClockKind.RESPONSE),))
    )


def test_what_is_due_at_closing_time_is_broken_when_the_office_opens_again() -> None:
    desk = Desk()
    ref = desk.log(7 * HOUR)
    desk.do(25 * HOUR, Claim(ref))
    desk.do(25 * HOUR, Reply(ref, "We look into it."))
    assert [item.at for item in desk.board(26 * HOUR).month.overall.missed.items] == [
        epoch(MONDAY + 24 * HOUR) + 1
    ]


def test_after_a_reopening_the_first_verdict_stays() -> None:
    desk = Desk()
    ref = desk.log(timedelta(0))
    desk.do(HOUR, Claim(ref))
    desk.do(HOUR, Resolve(ref, "Restarted.", "fix"))
    desk.do(2 * HOUR, Reopen(ref, "It is back."))
    _, resolution = in_severity(desk.board(timedelta(days=10)), "high")
    assert (resolution.met.refs, resolution.missed.refs, resolution.running.refs) == ((ref,), (), ())


def test_a_first_verdict_counts_for_the_severity_that_it_was_passed_on() -> None:
    desk = Desk()
    ref = desk.log(timedelta(0))
    desk.do(HOUR, Claim(ref))
    desk.do(HOUR, Resolve(ref, "Restarted.", "fix"))
    desk.do(2 * HOUR, Reopen(ref, "It is back."))
    desk.do(3 * HOUR, ChangeSeverity(ref, "medium", "One person only.", "impact changed"))
    board = desk.board(timedelta(days=10))
    assert in_severity(board, "high")[1].met.refs == (ref,)
    assert in_severity(board, "medium")[1].met.refs == ()


def test_a_request_that_was_withdrawn_in_time_is_no_promise_kept_or_broken() -> None:
    desk = Desk()
    ref = desk.log(timedelta(0))
    desk.do(HOUR, Close(ref, "withdrawn", "It was the cable."))
    overall = desk.board(2 * HOUR).month.overall
    assert (overall.settled, overall.running.value) == (0, 0)


@pytest.mark.parametrize(
    ("met", "missed", "percent", "on_target"),
    [(19, 1, 95, True), (189, 11, 94, False), (0, 1, 0, False), (1, 0, 100, True), (0, 0, None, True)],
)
def test_a_share_is_rounded_down_and_never_claims_the_target(
    met: int, missed: int, percent: int | None, on_target: bool
) -> None:
    def so_many(count: int) -> Figure:
        return Figure(tuple(Item(number, f"{number}") for number in range(count)))

    attained = Attainment(95, so_many(met), so_many(missed), Figure())
    assert (attained.percent, attained.on_target) == (percent, on_target)
    assert (attained.margin >= 0) is on_target


def late(desk: Desk) -> str:
    return desk.log(3 * HOUR, received_at=MONDAY)


def raised(desk: Desk) -> str:
    ref = desk.log(timedelta(0), "low", "portal")
    return desk.do(4 * HOUR, ChangeSeverity(ref, "high", "all orders are held", "wrong at triage"))


def by_day(desk: Desk) -> str:
    ref = desk.log(timedelta(0), "low", "portal")
    for command in (Claim(ref), ProposeWorkaround(ref, "By hand."), PromiseFix(ref, "7.4")):
        desk.do(timedelta(0), command)
    return ref


def waiting(what: str) -> Callable[[Desk], str]:
    def story(desk: Desk) -> str:
        ref = desk.log(timedelta(0))
        promised = [PromiseFix(ref, "7.4")] if what == "release" else []
        for command in (Claim(ref), Reply(ref, "Which one?"), *promised, Wait(ref, what)):
            desk.do(timedelta(0), command)
        return ref

    return story


def in_triage(desk: Desk) -> str:
    return desk.log(timedelta(0))


def handed_on(desk: Desk) -> str:
    ref = desk.log(timedelta(0))
    desk.do(timedelta(0), Claim(ref), "sam")
    return desk.do(2.5 * HOUR, Assign(ref, owner="lee"))


def out_of_policy(desk: Desk) -> str:
    ref = desk.log(timedelta(0), channel="hotline")
    return desk.do(timedelta(0), Claim(ref), "sam")


def in_hand(desk: Desk) -> str:
    ref = desk.log(timedelta(0))
    return desk.do(timedelta(0), Claim(ref), "sam")


def resolved_in_vain(desk: Desk) -> str:
    ref = desk.log(timedelta(0))
    desk.do(timedelta(0), Claim(ref))
    desk.do(HOUR, Close(ref, "withdrawn", "It was the cable."))
    return desk.do(2 * HOUR, Reopen(ref, "It was not."))


@pytest.mark.parametrize(
    ("story", "cause", "owner"),
    [
        (late, Cause.LOGGED_LATE, None),
        (raised, Cause.LATE_WHEN_RAISED, None),
        (by_day, Cause.FIX_DATE, "ann"),
        (waiting("third party"), Cause.THIRD_PARTY, "ann"),
        (waiting("release"), Cause.RELEASE, "ann"),
        (waiting("customer"), Cause.CUSTOMER, "ann"),
        (in_triage, Cause.UNASSIGNED, None),
        (handed_on, Cause.REASSIGNED_LATE, "lee"),
        (out_of_policy, Cause.OUT_OF_POLICY, "sam"),
        (in_hand, Cause.WHILE_ASSIGNED, "sam"),
        (resolved_in_vain, Cause.REOPENED, "ann"),
    ],
)
def test_a_breach_has_the_cause_that_its_timeline_shows(
    story: Callable[[Desk], str], cause: Cause, owner: str | None
) -> None:
    desk = Desk()
    ref = story(desk)
    # Past every due time of these requests, one after the other.
    boards = (desk.board(timedelta(days=days)).breaches for days in (0.5, 3.5, 12, 31))
    told = next(each for each in boards if each.causes)
    assert [(each, set(figure.refs)) for each, figure in told.causes] == [(cause, {ref})]
    assert [each for each, _ in told.owners] == [BreachOwner("" if owner else "user-support", owner)]


def test_a_breach_goes_to_the_owner_of_that_time_not_to_who_has_it_now() -> None:
    desk = Desk()
    ref = in_hand(desk)
    desk.do(5 * HOUR, Assign(ref, owner="lee"))
    assert [each.owner for each, _ in desk.board(6 * HOUR).breaches.owners] == ["sam"]


def test_load_shows_who_has_what_and_how_much_of_it_presses() -> None:
    desk = Desk()
    over, soon, calm = (
        desk.log(timedelta(0), severity, channel)
        for severity, channel in (("high", "phone"), ("high", "phone"), ("low", "portal"))
    )
    waits = desk.log(timedelta(0))
    for ref in (over, calm, waits):
        desk.do(timedelta(0), Claim(ref), "sam")
    desk.do(timedelta(0), Reply(waits, "Which one?"), "sam")
    desk.do(timedelta(0), Wait(waits, "customer"), "sam")
    people = {load.key: dict(load.by_urgency) for load in desk.board(3.5 * HOUR).people}
    assert next(iter(people)) == ""
    assert people[""][Urgency.BREACHED].refs == (soon,)
    assert {pressure: figure.refs for pressure, figure in people["sam"].items()} == {
        Urgency.BREACHED: (over,),
        Urgency.AT_RISK: (),
        Urgency.DUE_SOON: (),
        Urgency.CALM: (calm,),
        Urgency.WAITING: (waits,),
    }
    assert {figure.value for figure in people["lee"].values()} == {0}
    teams = desk.board(3.5 * HOUR).teams
    assert [(load.key, load.all.value) for load in teams[:2]] == [
        ("user-support", 4),
        ("account-management", 0),
    ]


def test_what_waits_and_is_late_all_the_same_counts_as_pressing_and_as_waiting() -> None:
    desk = Desk()
    late = waiting("third party")(desk)
    calm = waiting("customer")(desk)
    load = next(each for each in desk.board(80 * HOUR).people if each.all.value)
    assert load.urgent.refs == (late,)
    assert set(load.waiting.refs) == {late, calm}


def test_the_hours_ahead_count_by_the_clocks_own_hours() -> None:
    desk = Desk()
    morning = desk.log(timedelta(0))
    critical = desk.log(HOUR, "critical", "hotline")
    two, four, eight = (each.figure for each in desk.board(HOUR).ahead)
    assert [item.ref for item in two.items] == [critical]
    assert [item.ref for item in four.items] == [critical, morning]
    assert [(item.ref, item.kind) for item in eight.items] == [
        (critical, ClockKind.RESPONSE),
        (morning, ClockKind.RESPONSE),
    ]
    evening = desk.log(9.5 * HOUR)
    assert evening not in desk.board(9.5 * HOUR).ahead[-1].figure.refs


def test_weeks_count_what_came_and_what_went() -> None:
    desk = Desk()
    early, late = desk.log(timedelta(0)), desk.log(timedelta(days=7))
    typed_later = desk.log(timedelta(days=7, hours=1), received_at=MONDAY + 5 * HOUR)
    desk.do(timedelta(days=7, hours=2), Claim(early))
    desk.do(timedelta(days=7, hours=2), Resolve(early, "Restarted.", "fix"))
    weeks = desk.board(timedelta(days=8)).weeks
    assert len(weeks) == 8
    assert [(week.arrived.refs, week.resolved.refs) for week in weeks[-2:]] == [
        ((early, typed_later), ()),
        ((late,), (early,)),
    ]


def test_every_open_ticket_has_its_age() -> None:
    desk = Desk()
    refs = [desk.log(timedelta(days=days)) for days in (0, 10, 20, 26, 28, 30)]
    told = desk.board(timedelta(days=30)).ages
    assert [age.figure.refs for age in told] == [
        (refs[5],),
        (refs[4],),
        (refs[3],),
        (refs[2],),
        (refs[1],),
        (refs[0],),
    ]


def test_months_and_weeks_begin_at_midnight_on_the_wall() -> None:
    summer = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)
    july = month_at(summer, ZONE)
    assert (july.first.month, july.start) == (7, epoch(summer) - 1800)
    assert epoch(summer) in july
    weeks = weeks_up_to(datetime(2026, 10, 28, 12, tzinfo=UTC), ZONE)
    assert [week.end for week in weeks[:-1]] == [week.start for week in weeks[1:]]
    # The clocks go back on the Sunday of the last full week: it has an hour more.
    assert [week.end - week.start for week in weeks[-2:]] == [(7 * 24 + 1) * 3600, 7 * 24 * 3600]


def test_an_empty_desk_has_a_board_of_noughts() -> None:
    board = Desk().board(timedelta(0))
    assert (board.month.overall.percent, board.breaches.causes, board.breaches.owners) == (None, (), ())
    assert {load.all.value for load in (*board.people, *board.teams)} == {0}
    assert {each.figure.value for each in board.ahead} == {each.figure.value for each in board.ages} == {0}
