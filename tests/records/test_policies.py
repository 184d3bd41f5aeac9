"""What a changed day or another version of the policy does to the tickets of a desk."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from supportdesk.clock import FixedClock
from supportdesk.desk import SYSTEM, Desk
from supportdesk.desk_api import DeskUnavailableError
from supportdesk.sla.clocks import State, epoch, state_at
from supportdesk.sla.policy import Policy, Thresholds
from supportdesk.store.read_models import QueueRow
from supportdesk.tickets.documents import Organisation
from supportdesk.tickets.process.assignment import Claim
from supportdesk.tickets.process.conversation import Reply
from supportdesk.tickets.process.policy import MoveToPolicy
from supportdesk.tickets.process.resolution import Wait
from supportdesk.tickets.records.commands import (
    ChangeDay,
    InstallPolicy,
    SaveOrganisation,
)
from supportdesk.tickets.refusal import Refusal
from tests.databases import address_at
from tests.records.test_records import due, version
from tests.store.desks import done, events, logged, refused
from tests.tickets.scenario import MONDAY_NINE, claritum

TUESDAY = date(2026, 11, 24)


def test_rule_05_extra_hours_in_the_past_breach_from_their_declaration_on(
    desk: Desk, clock: FixedClock
) -> None:
    clock.set(datetime(2026, 11, 23, 17, tzinfo=UTC))
    ref = logged(desk, severity="high", channel="email")
    clock.set(datetime(2026, 11, 24, 9, 30, tzinfo=UTC))
    done(desk, ChangeDay("office", MONDAY_NINE.date(), (("08:00", "22:00"),), "we stayed"), by="sue")
    assert desk.ticket(ref).row.response.breached_at == epoch(clock.now())


def test_rule_12_a_closure_declared_late_moves_running_clocks_and_says_so(desk: Desk) -> None:
    ref = logged(desk)
    assert due(desk, ref) == datetime(2026, 11, 25, 13, tzinfo=UTC)
    done(desk, Claim(ref))
    done(desk, Reply(ref, "We are on it."))
    done(desk, ChangeDay("office", TUESDAY, (), "burst pipe"), by="sue")
    assert due(desk, ref) == datetime(2026, 11, 26, 13, tzinfo=UTC)
    told = desk.ticket(ref).timeline[-1].sentence
    assert told == "resolution due time moved from 25 Nov 2026 13:00 GMT to 26 Nov 2026 13:00 GMT: burst pipe"
    assert events(desk, ref).count("due moved") == 1, "the answer was given; its verdict stays"


def test_rule_12_an_extra_opening_and_an_undone_closure_move_clocks_too(desk: Desk) -> None:
    ref = logged(desk)
    done(desk, ChangeDay("office", TUESDAY, (), "storm"), by="sue")
    done(desk, ChangeDay("office", TUESDAY, (("08:00", "20:00"),), "it passed; we stay longer"), by="sue")
    assert due(desk, ref) == datetime(2026, 11, 25, 11, tzinfo=UTC)


def test_rule_12_a_closure_does_not_move_round_the_clock_promises(desk: Desk) -> None:
    ref = logged(desk, severity="critical", channel="hotline")
    before = events(desk, ref)
    done(desk, ChangeDay("office", MONDAY_NINE.date(), (), "storm"), by="sue")
    assert events(desk, ref) == before


def test_a_request_after_a_declared_closure_is_due_by_the_changed_calendar(desk: Desk) -> None:
    done(desk, ChangeDay("office", TUESDAY, (), "burst pipe"), by="sue")
    assert due(desk, logged(desk)) == datetime(2026, 11, 26, 13, tzinfo=UTC)
    assert not desk.policy_at(MONDAY_NINE).calendar("office").is_open(datetime(2026, 11, 24, 12, tzinfo=UTC))


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        (ChangeDay("always", TUESDAY, (), "x"), "no calendar 'always' whose days can change"),
        (ChangeDay("office", TUESDAY, (("10:00", "9 o'clock"),), "x"), "9 o'clock"),
        (ChangeDay("office", TUESDAY, (("08:00", "12:00"), ("11:00", "13:00")), "x"), "overlap"),
        (ChangeDay("office", date(2027, 3, 28), (("01:30", "12:00"),), "x"), "that time is skipped"),
        (ChangeDay("office", TUESDAY, (), " "), "say why"),
    ],
)
def test_an_impossible_day_is_refused(desk: Desk, command: ChangeDay, reason: str) -> None:
    assert reason in refused(desk, command, by="sue")


def test_rule_13_a_ticket_keeps_the_version_in_force_at_its_arrival(desk: Desk, clock: FixedClock) -> None:
    done(desk, InstallPolicy(version("2", effective=MONDAY_NINE + timedelta(days=1))), by="sue")
    clock.set(MONDAY_NINE + timedelta(days=2))
    assert desk.ticket(logged(desk)).ticket.policy == "2"
    assert desk.ticket(logged(desk, received_at=MONDAY_NINE)).ticket.policy == "1"
    assert desk.policy_at(MONDAY_NINE).version == "1"
    assert sorted(desk.policies) == ["1", "2"]


def test_rule_13_a_version_that_is_installed_cannot_be_replaced(desk: Desk) -> None:
    changed = version("1", name="Claritum support policy, watered down")
    assert "already installed" in refused(desk, InstallPolicy(changed), by="sue")


def test_the_holidays_of_further_years_can_be_added_to_an_installed_version(desk: Desk) -> None:
    def known_until(year: int) -> Policy:
        calendars = tuple(
            msgspec.structs.replace(
                hours,
                holidays={day: name for day, name in hours.holidays.items() if day.year <= year},
                holidays_until=date(year, 12, 31),
            )
            if hours.holidays
            else hours
            for hours in claritum().calendars
        )
        return version("short", calendars=calendars)

    done(desk, InstallPolicy(known_until(2027)), by="sue")
    done(desk, InstallPolicy(known_until(2028)), by="sue")
    assert desk.policies["short"].calendar("office").known_until == date(2028, 12, 31)
    assert "already installed" in refused(desk, InstallPolicy(known_until(2026)), by="sue")


def test_the_names_and_promises_of_an_installed_version_can_be_reworded(desk: Desk) -> None:
    calendars = tuple(msgspec.structs.replace(hours, name="opening hours") for hours in claritum().calendars)
    severities = tuple(msgspec.structs.replace(each, promise="Soon.") for each in claritum().severities)
    done(desk, InstallPolicy(version("1", calendars=calendars, severities=severities)), by="sue")
    assert desk.policies["1"].hours("office").name == "opening hours"
    assert desk.policies["1"].severity("high").promise == "Soon."


def test_rule_13_an_open_ticket_is_moved_to_another_version_by_command(desk: Desk) -> None:
    ref = logged(desk)
    severities = tuple(
        msgspec.structs.replace(
            each, resolution=msgspec.structs.replace(each.resolution, hours=each.resolution.hours * 2)
        )
        if each.resolution
        else each
        for each in claritum().severities
    )
    done(desk, InstallPolicy(version("2", severities=severities, effective=MONDAY_NINE)), by="sue")
    done(desk, MoveToPolicy(ref, "2"), by="sue")
    assert due(desk, ref) == datetime(2026, 11, 27, 17, tzinfo=UTC)
    assert events(desk, ref)[-2:] == ["policy moved", "due moved"]


def test_rule_13_a_move_to_another_version_can_be_previewed(desk: Desk) -> None:
    first, second = logged(desk), logged(desk)
    done(desk, InstallPolicy(version("2", effective=MONDAY_NINE, thresholds=Thresholds(10, 20))), by="sue")
    before = desk.queue()
    moves = [
        MoveToPolicy(first, "2"),
        MoveToPolicy(second, "2"),
        MoveToPolicy(second, "1"),
        MoveToPolicy(first, "9"),
    ]
    *moved, again, unknown = desk.preview(moves, by="sue")
    assert desk.queue() == before
    assert [(row.ref, row.policy) for row in moved if isinstance(row, QueueRow)] == [
        (first, "2"),
        (second, "2"),
    ]
    for row, was in zip(moved, before.rows, strict=True):
        assert isinstance(row, QueueRow)
        assert row.resolution.due == was.resolution.due
        assert row.resolution.at_risk_at != was.resolution.at_risk_at
    assert isinstance(again, Refusal)
    assert isinstance(unknown, Refusal)
    assert "only a" in str(desk.preview(moves[:1], by="ann"))


def test_a_desk_without_a_policy_says_what_to_do(tmp_path: Path) -> None:
    empty = Desk.create(address_at(tmp_path / "empty.db"), FixedClock(MONDAY_NINE))
    with pytest.raises(DeskUnavailableError, match="supportdesk init"):
        empty.policy_at(MONDAY_NINE)
    with pytest.raises(DeskUnavailableError, match="supportdesk init"):
        empty.do(SaveOrganisation(Organisation("acme", "Acme")), by=SYSTEM.key)
    empty.close()


def test_a_closure_moves_a_paused_clock_too(desk: Desk) -> None:
    ref = logged(desk)
    done(desk, Reply(ref, "What do you see?"))
    done(desk, Wait(ref))
    before = desk.ticket(ref).row.resolution
    done(desk, ChangeDay("office", TUESDAY, (), "storm"), by="sue")
    after = desk.ticket(ref).row.resolution
    assert state_at(after, epoch(MONDAY_NINE)) is State.PAUSED
    assert after.run_from - before.run_from == 86_400
