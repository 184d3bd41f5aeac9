"""The demonstration: everything is there at any hour, the real rules allowed it, and nothing real is touched."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from supportdesk.clock import FixedClock
from supportdesk.demo.business_time import RelativeCalendar
from supportdesk.demo.fill import DEMO_MARKER, NotADemoError, Summary, fill_demo_desk
from supportdesk.demo.history import duplicate
from supportdesk.demo.records import build_demo_records
from supportdesk.demo.script import DemoContext, TicketScript
from supportdesk.demo.scripts import merge_steps
from supportdesk.demo.stories import load_stories
from supportdesk.desk import Desk
from supportdesk.desk_api import Applied
from supportdesk.resources import data_path
from supportdesk.sla.clocks import State, epoch, left_at, state_at
from supportdesk.sla.policy_file import load_policy
from supportdesk.store.database import open_database
from supportdesk.store.errors import DeskUnavailableError
from supportdesk.store.read_models import QueueRow, TicketView
from supportdesk.store.verification.verify import verify
from supportdesk.tickets.documents import Line, Role
from supportdesk.tickets.process.assignment import Claim
from supportdesk.tickets.process.triage import Log
from supportdesk.tickets.rota.duty import duty
from supportdesk.tickets.ticket import Stage
from tests.databases import address_at, copy_of
from tests.history import opened
from tests.seeds import seeds

# One worker for all: filling a desk takes seconds, and the filled ones are shared.
pytestmark = [pytest.mark.xdist_group("demo"), pytest.mark.slow]

HOURS = {
    "in the middle of a morning": datetime(2026, 11, 24, 9, 42, 17, tzinfo=UTC),
    "on a Sunday at three": datetime(2026, 11, 22, 3, 0, tzinfo=UTC),
    "on a bank holiday": datetime(2026, 12, 28, 12, 0, tzinfo=UTC),
    "on a Monday at one past eight": datetime(2026, 11, 23, 8, 1, tzinfo=UTC),
    "at closing time": datetime(2026, 11, 24, 18, 0, tzinfo=UTC),
    "in the hour that summer time skips": datetime(2027, 3, 28, 1, 30, tzinfo=UTC),
}
OFTEN = {"in the middle of a morning", "on a Sunday at three"}
"""The hours that every run tries, one inside and one outside office hours; the others are for the long one."""
MORNING = HOURS["in the middle of a morning"]


def filled(
    path: Path, now: datetime = MORNING, *, seed: int = 1, tickets: int = 60, username: str = "alex"
) -> Summary:
    return fill_demo_desk(
        address_at(path), now=now, username=username, full_name="Alex Ray", seed=seed, tickets=tickets
    )


summaries: dict[str, Summary] = {}
"""What filling the demonstration of each hour gave."""


def fill(address: str, hour: str) -> None:
    """Fill the demonstration of an hour, of which tests get copies."""
    summaries[hour] = fill_demo_desk(address, now=HOURS[hour], username="alex", full_name="Alex Ray")


@dataclass(frozen=True)
class Demo:
    """A demonstration, opened at the moment for which it was filled; `views` are all of its tickets."""

    summary: Summary
    address: str
    desk: Desk
    views: list[TicketView]

    @property
    def rows(self) -> list[QueueRow]:
        """The open tickets."""
        return [view.row for view in self.views if view.row.is_open]


@pytest.fixture(scope="session")
def demos(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Demo]]:
    """Fills and opens the demonstration of an hour once, whatever the order of the tests."""
    made: dict[str, Demo] = {}

    def at(hour: str) -> Demo:
        if hour not in made:
            address = copy_of(fill, tmp_path_factory.mktemp("demo") / "demo.db", hour)
            desk = Desk.open(address, FixedClock(HOURS[hour]))
            made[hour] = Demo(
                summaries[hour], address, desk, [desk.ticket(row.ref) for row in desk.changes(0).rows]
            )
        return made[hour]

    yield at
    for each in made.values():
        each.desk.close()


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A demonstration of the morning that the test may change."""
    copy_of(fill, tmp_path / "demo.db", "in the middle of a morning")
    return tmp_path / "demo.db"


@pytest.fixture(
    params=[pytest.param(hour, marks=[] if hour in OFTEN else [pytest.mark.long]) for hour in HOURS],
    ids=lambda name: name.replace(" ", "-"),
)
def demo(request: pytest.FixtureRequest, demos: Callable[[str], Demo]) -> Demo:
    return demos(request.param)


def leads(rows: list[QueueRow], now: datetime) -> Counter[State]:
    return Counter(state_at(row.lead, epoch(now)) for row in rows)


def test_every_severity_stage_and_state_is_there_at_any_hour(demo: Demo) -> None:
    desk = demo.desk
    assert len(demo.rows) == 60
    assert {row.severity for row in demo.rows} == {"critical", "high", "medium", "low", "change"}
    assert {view.row.stage for view in demo.views} == {stage.value for stage in Stage}
    running = {
        State.OK,
        State.DUE_SOON,
        State.AT_RISK,
        State.BREACHED,
        State.PAUSED,
        State.OPEN,
        State.PROMISED,
    }
    assert set(leads(demo.rows, desk.now())) == running
    ended = {clock.verdict for view in demo.views for clock in (view.row.response, view.row.resolution)}
    assert {State.MET, State.MISSED, State.VOID} <= ended


def test_each_severity_with_a_time_shows_what_burns_at_any_hour(demo: Demo) -> None:
    desk = demo.desk
    rows = demo.rows
    for severity in ("critical", "high"):
        burning = leads([row for row in rows if row.severity == severity], desk.now())
        assert {State.BREACHED, State.AT_RISK, State.DUE_SOON, State.PAUSED, State.OK} <= set(burning)
    calm = leads(rows, desk.now())
    assert calm[State.BREACHED] < len(rows) / 5


def test_one_critical_has_minutes_left_and_one_is_just_over(demo: Demo) -> None:
    desk = demo.desk
    policy = desk.policy_at(desk.now())
    left = [
        left_at(row.lead, epoch(desk.now()), policy.calendar(row.lead.calendar))
        for row in demo.rows
        if row.severity == "critical" and row.lead.paused_at is None
    ]
    assert any(seconds is not None and 60 < seconds < 600 for seconds in left)
    assert any(seconds is not None and -3_600 < seconds < 0 for seconds in left)


def test_every_kind_of_ticket_that_people_want_to_see_is_there_at_any_hour(demo: Demo) -> None:
    rows = demo.rows
    tickets = [view.ticket for view in demo.views if view.row.is_open]
    assert {row.waiting for row in rows} == {"", "customer", "third party", "release"}
    assert any(row.out_of_policy for row in rows)
    assert any(row.page_open for row in rows)
    assert {row.rung for row in rows} >= {0, 1, 2}
    assert any(row.owner is None for row in rows)
    assert any(ticket.owner is not None and not ticket.accepted for ticket in tickets)
    assert any(ticket.reopens for ticket in tickets)
    assert any(ticket.escalations > 1 for ticket in tickets)
    assert any(link.kind == "related" for ticket in tickets for link in ticket.links)
    assert any(link.kind == "duplicated by" for ticket in tickets for link in ticket.links)
    assert any(ticket.response.late_when_raised for ticket in tickets)
    assert sum(row.owner == "alex" for row in rows) >= 4


def test_targets_are_met_moved_and_missed_at_any_hour(demo: Demo) -> None:
    desk = demo.desk
    today = desk.now().date()
    by_key = {release.key: release for release in desk.roster().releases}
    assert any(release.shipped_at for release in by_key.values())
    fixes = [view.ticket.fix for view in demo.views if view.row.is_open and view.ticket.fix]
    assert any(fix.day < today and by_key[fix.release].shipped_at is None for fix in fixes)
    events = {line.event for view in demo.views for line in view.timeline}
    assert {"fix date moved", "fix shipped"} <= events


def test_the_ledger_is_intact_and_nothing_lies_in_the_future(demo: Demo) -> None:
    desk = demo.desk
    with closing(open_database(demo.address)) as database:
        found = verify(database)
    assert found.is_intact, found
    times = [line.at for view in demo.views for line in view.timeline]
    assert max(times) <= desk.now()
    assert min(times) > desk.now() - timedelta(days=90)


@pytest.mark.long
def test_only_the_engineers_work_when_the_office_is_closed(demo: Demo) -> None:
    desk = demo.desk
    office = desk.policy_at(desk.now()).calendar("office")
    engineers = {person.username for person in desk.roster().staff if person.team == "technical-support"}
    strangers = {
        line.actor
        for view in demo.views
        for line in view.timeline
        if not office.is_open(line.at) and not office.is_open(line.at - timedelta(minutes=10))
    }
    managers = {person.username for person in desk.roster().staff if person.rungs}
    assert strangers <= engineers | managers | {"watcher", "intake"}, "managers are paged at night"


def test_a_watcher_was_there_all_the_time_but_once(demo: Demo) -> None:
    assert demo.desk.overdue_steps(demo.desk.now()) == []
    steps = [line for view in demo.views for line in view.timeline if line.event == "step taken"]
    late = [line for line in steps if "; late, it was due on " in line.sentence]
    assert len(late) >= 1
    assert len(steps) > 20 * len(late)
    assert any(line.event == "acknowledgement extended" for view in demo.views for line in view.timeline)
    by_itself = [
        view for view in demo.views if view.timeline[-1].actor == "watcher" and view.ticket.closed_as
    ]
    assert by_itself
    assert {view.ticket.closed_as for view in by_itself} == {"no answer"}


def test_a_fresh_critical_pages_the_engineer_on_call_and_both_lines_are_on_call(demo: Demo) -> None:
    now, data = demo.desk.now(), demo.desk.roster().reference_data
    (fresh,) = [view for view in demo.views if view.row.page_open and view.row.stage == "triage"]
    page = fresh.ticket.page
    assert page is not None
    assert page.since > now - timedelta(minutes=3)
    first, second = (duty(data, page.since, line).on_call for line in (Line.FIRST, Line.SECOND))
    assert first is not None
    assert second is not None
    assert fresh.row.paged == (first.username,)
    assert second != first


def test_the_person_who_runs_it_may_do_everything_at_once(copied: Path) -> None:
    desk = Desk.open(address_at(copied), FixedClock(MORNING))
    me = desk.person("alex")
    assert me is not None
    assert me.name == "Alex Ray"
    assert {Role.SUPERVISOR, Role.ADMINISTRATOR} <= set(me.roles)
    free = next(row for row in desk.queue().rows if row.stage == "triage")
    assert isinstance(desk.do(Claim(free.ref), by="alex"), Applied)
    desk.close()


def test_the_cast_is_as_large_as_it_is_said_to_be(demos: Callable[[str], Demo]) -> None:
    desk = demos("in the middle of a morning").desk
    customers = desk.find_organisations("", limit=100)
    assert len(customers) == 12
    assert all(customer.account_manager for customer in customers)
    for customer in customers:
        contacts = desk.contacts(customer.key)
        assert {contact.super_user for contact in contacts} == {True, False}
        assert all(contact.telephone.startswith("+44 20 7946 0") for contact in contacts)
    staff = {person.username: person for person in desk.roster().staff}
    assert len(staff) == 8 + 2 + 1, "eight who work the queue, two above them, and the administrator"
    assert {rung for person in staff.values() for rung in person.rungs} == {
        "support-manager",
        "head-of-support",
        "director",
    }
    on_call = desk.roster().duty.on_call
    assert on_call is not None
    assert on_call.team == "technical-support"


def everything(path: Path, now: datetime = MORNING) -> list[object]:
    desk = Desk.open(address_at(path), FixedClock(now))
    told: list[object] = []
    for row in desk.changes(0).rows:
        view = desk.ticket(row.ref)
        told.append((msgspec.to_builtins(view.row), view.ticket, view.timeline))
    desk.close()
    return told


@pytest.mark.parametrize("tickets", [2, pytest.param(60, marks=pytest.mark.long)])
def test_the_same_seed_and_moment_give_the_same_tickets(tmp_path: Path, tickets: int) -> None:
    for name, seed in (("one", 5), ("two", 5), ("three", 6)):
        filled(tmp_path / name, seed=seed, tickets=tickets)
    assert everything(tmp_path / "one") == everything(tmp_path / "two")
    assert everything(tmp_path / "one") != everything(tmp_path / "three")


@pytest.mark.parametrize("tickets", [1, 7, pytest.param(150, marks=pytest.mark.long)])
def test_as_many_tickets_are_open_as_were_asked_for(tmp_path: Path, tickets: int) -> None:
    summary = filled(tmp_path / "demo.db", tickets=tickets)
    desk = Desk.open(address_at(tmp_path / "demo.db"), FixedClock(MORNING))
    assert summary.open_tickets == sum(row.is_open for row in desk.queue().rows) == tickets
    desk.close()


@pytest.mark.parametrize("seed", seeds(10, 14, long_from=10))
def test_no_seed_makes_a_scenario_that_the_rules_refuse(tmp_path: Path, seed: int) -> None:
    hour = list(HOURS.values())[seed % len(HOURS)]
    assert filled(tmp_path / "demo.db", hour, seed=seed, tickets=90).open_tickets == 90


def test_a_demo_is_kept_and_another_person_is_added(copied: Path, demos: Callable[[str], Demo]) -> None:
    first = demos("in the middle of a morning").summary
    before = everything(copied)
    again = filled(copied, MORNING + timedelta(days=3), seed=9, username="bo")
    assert (first.existed, again.existed, again.commands) == (False, True, 0)
    assert (again.open_tickets, again.resolved, again.closed) == (
        first.open_tickets,
        first.resolved,
        first.closed,
    )
    assert everything(copied) == before
    desk = Desk.open(address_at(copied), FixedClock(MORNING))
    assert desk.person("bo") is not None
    desk.close()


def test_a_desk_with_real_tickets_is_refused_and_left_alone(tmp_path: Path) -> None:
    desk = opened(tmp_path / "desk.db", FixedClock(MORNING))
    desk.do(Log("high", "portal", "acme", "acme.jo", "It is broken"), by="ann")
    seq = desk.queue().seq
    with pytest.raises(NotADemoError, match="has real tickets"):
        filled(tmp_path / "desk.db")
    assert desk.queue().seq == seq
    desk.close()


def test_a_desk_that_was_only_set_up_is_filled_under_its_own_policy(tmp_path: Path) -> None:
    desk = opened(tmp_path / "desk.db", FixedClock(MORNING))
    summary = filled(tmp_path / "desk.db", tickets=5)
    assert summary.open_tickets == 5
    assert next(article.key for article in desk.find_articles(DEMO_MARKER.title)) == DEMO_MARKER.key
    desk.close()


def test_a_member_of_the_cast_makes_room_for_a_real_person_of_the_same_username(tmp_path: Path) -> None:
    filled(tmp_path / "demo.db", username="priya", tickets=5)
    desk = Desk.open(address_at(tmp_path / "demo.db"), FixedClock(MORNING))
    names = {person.username: person.name for person in desk.roster().staff}
    assert names["priya"] == "Alex Ray"
    assert names["priya-demo"] == "Priya Nair"
    desk.close()


@pytest.mark.usefixtures("database_kind")
def test_nobody_sees_the_desk_before_it_is_filled(tmp_path: Path) -> None:
    address, seen = address_at(tmp_path / "desk.db"), list[int]()

    def look(done: int, of: int) -> None:
        if done in (0, of // 2):
            with pytest.raises(DeskUnavailableError):
                Desk.open(address)
            seen.append(done)

    fill_demo_desk(address, now=MORNING, username="alex", full_name="Alex Ray", tickets=5, progress=look)
    assert len(seen) == 2
    with closing(Desk.open(address)) as desk:
        assert desk.queue().rows


def test_progress_is_reported_from_beginning_to_end(tmp_path: Path) -> None:
    heard: list[tuple[int, int]] = []
    fill_demo_desk(
        address_at(tmp_path / "demo.db"),
        now=MORNING,
        username="alex",
        full_name="",
        tickets=5,
        progress=lambda done, of: heard.append((done, of)),
    )
    assert heard[0][0] == 0
    assert heard[-1][0] == heard[-1][1]
    assert [done for done, _ in heard] == sorted(done for done, _ in heard)


@given(seconds=st.integers(1, 3600))
def test_a_duplicate_is_noticed_once_it_is_logged_however_late_the_original_came(seconds: int) -> None:
    original, again = (script_at(MORNING, number) for number in (0, 1))
    original.arrive(MORNING - timedelta(seconds=seconds), "portal")
    duplicate(again, original)
    logged, marked = merge_steps([original, again])[-2:]
    assert (logged.logs, marked.logs) == (1, None)
    assert logged.at <= marked.at


def script_at(now: datetime, number: int) -> TicketScript:
    policy = load_policy(data_path("policies/claritum.toml"))
    records = build_demo_records("alex", "Alex Ray", RelativeCalendar(policy.calendar("office"), now))
    stories = load_stories()
    story = stories.about("medium")[0]
    return TicketScript(DemoContext(records, stories, policy, now), number, story, Random(number))
