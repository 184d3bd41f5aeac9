"""A test page each month: on the first working day at ten, acknowledged within a day or reported."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
from msgspec.structs import replace

from supportdesk.sla.policy import with_days
from supportdesk.tickets.documents import Role
from supportdesk.tickets.records.events import DayChanged
from supportdesk.tickets.rota.notices.monthly_test import (
    find_test_pages,
    find_unanswered,
    find_unanswered_notices,
)
from tests.tickets.rota.rotas import PEOPLE, Data
from tests.tickets.scenario import claritum

POLICY = claritum()
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
DATA = Data(people=(*PEOPLE[:4], replace(PEOPLE[4], roles=(Role.SUPERVISOR,))))


class Sent(msgspec.Struct, frozen=True):
    key: str
    people: tuple[str, ...]
    made_at: datetime
    acknowledged_at: datetime | None = None


def at(month: int, day: int, hour: int = 10, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, tzinfo=UTC)


def due(when: datetime) -> list[str]:
    return [each.key for each in find_test_pages(DATA, POLICY, when)]


def first_due(month: int, year: int = 2026) -> datetime:
    """When a test page of a month is due first, to the hour."""
    when = at(month, 1, 0, year)
    while not due(when):
        when += timedelta(hours=1)
    return when


def test_it_is_sent_on_the_first_working_day_of_the_month_at_ten_local_time() -> None:
    assert first_due(12) == at(12, 1)
    # 1 August 2026 is a Saturday, and 1 January 2027 a bank holiday before a weekend.
    assert first_due(8) == at(8, 3, 9)
    assert first_due(1, 2027) == at(1, 4, 10, 2027)
    assert due(at(12, 1)) == [f"test page 2026-12 {name}" for name in ("ann", "ben", "cat")]
    assert not due(at(12, 1) - MINUTE)
    assert not due(at(12, 1, 16))


def test_who_joins_the_rota_later_has_one_on_the_next_working_day() -> None:
    assert not due(at(12, 5))
    assert "test page 2026-12 ann" in due(at(12, 7, 15))


def test_a_day_declared_closed_is_no_working_day() -> None:
    closed = with_days(POLICY, [DayChanged("office", at(12, 1).date(), (), "storm")])
    assert not find_test_pages(DATA, closed, at(12, 1))
    assert find_test_pages(DATA, closed, at(12, 2))


def test_it_is_a_test_and_says_so() -> None:
    page = find_test_pages(DATA, POLICY, at(12, 1))[0]
    assert page.kind == "test"
    assert page.people == ("ann",)
    assert page.text.startswith("This is a test")


def test_who_did_not_acknowledge_within_a_day_is_reported_to_the_supervisors_once() -> None:
    sent = [
        Sent("test page 2026-11 ann", ("ann",), at(11, 2)),
        Sent("test page 2026-12 ann", ("ann",), at(12, 1)),
        Sent("test page 2026-12 ben", ("ben",), at(12, 1), at(12, 1, 11)),
        Sent("week 2026-11-30 ann", ("ann",), at(11, 30)),
    ]
    assert find_unanswered(DATA, sent, at(12, 2)) == []
    assert [each.key for each in find_unanswered(DATA, sent, at(12, 2) + MINUTE)] == ["test page 2026-12 ann"]
    gone = Data(people=(replace(PEOPLE[0], active=False), *PEOPLE[1:]))
    assert find_unanswered(gone, sent, at(12, 3)) == []
    (notice,) = find_unanswered_notices(DATA, sent, at(12, 3))
    assert (notice.key, notice.people) == ("unanswered test page 2026-12 ann", ("eve",))
    assert notice.text.startswith("Ann did not acknowledge the test page of this month within a day")
