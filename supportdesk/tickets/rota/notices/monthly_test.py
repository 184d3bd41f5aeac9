"""The test page of each month, which everybody on the rota must acknowledge within a day."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from supportdesk.sla.calendar import CalendarError
from supportdesk.sla.policy import Policy
from supportdesk.tickets.documents import NOTICE, TEST
from supportdesk.tickets.rota.data import RotaData, name_of
from supportdesk.tickets.rota.next_shifts import next_shifts
from supportdesk.tickets.rota.notices.notice import RotaNotice, supervisors

FROM, UNTIL = time(10), time(16)
"""Between which times of a working day a test page is sent."""
ANSWERED_WITHIN = timedelta(days=1)
"""Within which time a test page must be acknowledged."""
PREFIX = "test page"
"""What the keys of test pages begin with."""
_DAY = timedelta(days=1)


class SentTest(Protocol):
    """A test page that was sent."""

    @property
    def key(self) -> str:
        """The key of its notice, which begins with `PREFIX`."""

    @property
    def people(self) -> tuple[str, ...]:
        """The username of the person to whom it was sent."""

    @property
    def made_at(self) -> datetime:
        """When it was sent."""

    @property
    def acknowledged_at(self) -> datetime | None:
        """When the person acknowledged it; None if not."""


def find_test_pages(data: RotaData, policy: Policy, now: datetime) -> tuple[RotaNotice, ...]:
    """Return the test pages that are due at an instant: one a month for everybody on the rota, from ten o'clock on.

    They are due on every working day, and sent on the first; who joins the rota later has theirs on the next one.
    """
    local = now.astimezone(ZoneInfo(policy.timezone))
    if not (FROM <= local.time() < UNTIL and is_working_day(policy, local.date())):
        return ()
    month = f"{local:%Y-%m}"
    return tuple(
        RotaNotice(
            f"{PREFIX} {month} {person}",
            TEST,
            (person,),
            "This is a test: nothing has happened. Acknowledge it within a day, to show that pages reach you.",
        )
        for person in sorted(next_shifts(data, now))
    )


def find_unanswered(data: RotaData, sent: Iterable[SentTest], now: datetime) -> list[SentTest]:
    """Return the test pages that were not acknowledged within a day, of the last month in which any was sent.

    Those of people who have left are not among them.
    """
    tests = [each for each in sent if each.key.startswith(PREFIX)]
    last = max((_month(each.key) for each in tests), default="")
    return [
        each
        for each in tests
        if _month(each.key) == last
        and each.acknowledged_at is None
        and now - each.made_at > ANSWERED_WITHIN
        and any(person in data.staff and data.staff[person].active for person in each.people)
    ]


def find_unanswered_notices(
    data: RotaData, sent: Collection[SentTest], now: datetime
) -> Iterator[RotaNotice]:
    """Yield a notice to the supervisors for each test page that was not acknowledged within a day."""
    people = supervisors(data)
    for each in find_unanswered(data, sent, now) if people else ():
        name = " and ".join(name_of(data, person) for person in each.people)
        text = f"{name} did not acknowledge the test page of this month within a day: check how pages reach them."
        yield RotaNotice(f"unanswered {each.key}", NOTICE, people, text)


def is_working_day(policy: Policy, day: date) -> bool:
    """Return whether the first of a policy's calendars that closes at all is open on a day; without one, no weekend.

    Beyond the years for which a calendar's holidays are known, every weekday counts.
    """
    hours = next((each for each in policy.calendars if not each.always), None)
    if hours is None:
        return day.weekday() < 5
    zone = ZoneInfo(hours.timezone)
    start, end = (datetime.combine(each, time(), zone).astimezone(UTC) for each in (day, day + _DAY))
    try:
        return bool(policy.calendar(hours.key).spans(start, end))
    except CalendarError:
        return day.weekday() < 5


def _month(key: str) -> str:
    """Return the month of a test page's key: `2026-12`."""
    return key.removeprefix(PREFIX).split()[0]
