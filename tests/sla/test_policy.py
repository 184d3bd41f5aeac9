"""A policy as a value: kept as JSON, and with single days changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

import msgspec
import pytest

from supportdesk import resources
from supportdesk.sla import calendar, wall_clock
from supportdesk.sla.calendar import CalendarError
from supportdesk.sla.policy import Policy, build_calendar, with_days
from supportdesk.sla.policy_checks import find_faults
from supportdesk.sla.policy_file import load_policy
from supportdesk.sla.wall_clock import WallClock

POLICY = load_policy(resources.data_path("policies/claritum.toml"))
EVE = date(2026, 12, 24)
NOON = datetime(2026, 12, 24, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Change:
    calendar: str
    day: date
    spans: tuple[tuple[str, str], ...]


def test_a_policy_comes_back_from_json_as_it_was() -> None:
    document = msgspec.json.encode(POLICY)
    assert msgspec.json.decode(document, type=Policy) == POLICY
    assert msgspec.json.encode(msgspec.json.decode(document, type=Policy)) == document


def test_json_that_is_no_policy_is_refused() -> None:
    with pytest.raises(msgspec.ValidationError, match="unknown field `colour`"):
        msgspec.json.decode(msgspec.json.encode(POLICY).replace(b'"name"', b'"colour"', 1), type=Policy)


def test_a_key_that_the_policy_does_not_have_raises_key_error() -> None:
    for look_up in (POLICY.severity, POLICY.channel, POLICY.team, POLICY.calendar, POLICY.hours, POLICY.rank):
        with pytest.raises(KeyError):
            look_up("nowhere")


def test_rule_12_a_closure_takes_the_day_away() -> None:
    closed = with_days(POLICY, [Change("office", EVE, ())])
    assert POLICY.calendar("office").is_open(NOON)
    assert not closed.calendar("office").is_open(NOON)


def test_rule_12_extra_hours_open_a_holiday() -> None:
    boxing_day = NOON.replace(day=28)
    changed = with_days(POLICY, [Change("office", boxing_day.date(), (("10:00", "14:00"),))])
    assert not POLICY.calendar("office").is_open(boxing_day)
    assert changed.calendar("office").is_open(boxing_day)
    assert not changed.calendar("office").is_open(boxing_day.replace(hour=14))


def test_rule_12_each_changed_day_keeps_its_own_hours() -> None:
    changed = with_days(
        POLICY, [Change("office", EVE, ()), Change("office", date(2026, 12, 28), (("10:00", "14:00"),))]
    )
    assert not changed.calendar("office").is_open(NOON)
    assert changed.calendar("office").is_open(NOON.replace(day=28))


def test_rule_12_a_later_change_of_a_day_replaces_an_earlier_one_and_the_document_keeps_it() -> None:
    changed = with_days(POLICY, [Change("office", EVE, ()), Change("office", EVE, (("08:00", "13:00"),))])
    assert changed.calendar("office").is_open(NOON)
    assert not changed.calendar("office").is_open(NOON.replace(hour=13))
    assert msgspec.json.decode(msgspec.json.encode(changed), type=Policy) == changed


def test_a_change_of_a_calendar_that_this_version_does_not_have_changes_nothing() -> None:
    assert with_days(POLICY, [Change("night", EVE, ()), Change("always", EVE, ())]) == POLICY


def test_changed_hours_that_cannot_be_are_refused_when_the_calendar_is_asked_for() -> None:
    changed = with_days(POLICY, [Change("office", EVE, (("08:00", "10:00"), ("09:00", "12:00")))])
    with pytest.raises(CalendarError, match="spans overlap at 09:00"):
        changed.calendar("office")


def test_a_policy_in_force_is_read_without_the_clock_changes_of_a_century(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[tuple[int, int]] = []

    def recorded(timezone: str, low: int, high: int) -> WallClock:
        asked.append((low, high))
        return wall_clock.wall_clock(timezone, low, high)

    monkeypatch.setattr(calendar, "wall_clock", recorded)
    office = msgspec.structs.replace(POLICY).calendar("office")
    assert not asked
    assert office.is_open(NOON)
    [(low, high)] = asked
    assert low < NOON.timestamp() < high < low + 5 * 366 * 86_400


def test_hours_that_became_unclear_after_the_policy_was_installed_are_answered() -> None:
    """The tz database can change; a clock that stopped for it would be worse than an hour more or less."""
    [office] = [each for each in POLICY.calendars if each.key == "office"]
    sunday = date(2027, 3, 28)
    unclear = msgspec.structs.replace(office, exceptions={sunday: (("01:30", "12:00"),)})
    with pytest.raises(CalendarError, match="that time is skipped"):
        build_calendar(unclear)
    found = msgspec.structs.replace(POLICY, calendars=(unclear,)).calendar("office")
    assert found.next_open(datetime(2027, 3, 28, tzinfo=UTC)) == datetime(2027, 3, 28, 1, tzinfo=UTC)


def test_a_severity_may_ask_for_an_attainment_of_its_own() -> None:
    critical, *others = POLICY.severities
    own = msgspec.structs.replace(critical, attainment=99)
    policy = msgspec.structs.replace(POLICY, severities=(own, *others))
    assert [policy.attainment_of(each.key) for each in policy.severities] == [99, 95, 95, 95, 95]
    assert [fault.place for fault in find_faults(policy)] == []
    wrong = msgspec.structs.replace(
        policy, severities=(msgspec.structs.replace(critical, attainment=0), *others)
    )
    assert [fault.place for fault in find_faults(wrong)] == ["$.severities[0].attainment"]
