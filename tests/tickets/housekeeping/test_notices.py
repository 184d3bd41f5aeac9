"""What people are told of the desk itself: overdue releases, and holidays that are soon unknown."""

from datetime import UTC, date, datetime, timedelta

import pytest
from msgspec.structs import replace

from supportdesk.sla.policy import Policy
from supportdesk.tickets.documents import Person, Release, Role
from supportdesk.tickets.housekeeping.notices import (
    NoticeContext,
    PromisedFix,
    find_ending_calendars,
    find_horizon_notices,
    find_overdue_releases,
    make_release_notice,
    release_key,
)
from tests.tickets.scenario import RECORDS, claritum

FRIDAY = date(2026, 11, 27)
RELEASE = Release("8.3", FRIDAY)
MONDAY_EIGHT = datetime(2026, 11, 30, 8, tzinfo=UTC)
ADA = Person("ada", "Ada", "user-support", (Role.ADMINISTRATOR,))


def context(now: datetime = MONDAY_EIGHT, policy: Policy | None = None, **staff: Person) -> NoticeContext:
    return NoticeContext(policy or claritum(), {**RECORDS.staff, **staff}, ("sue",), now)


def known_until(day: date) -> Policy:
    """The policy, with holidays that are known until a day."""
    hours = tuple(
        each if each.holidays_until is None else replace(each, holidays_until=day)
        for each in claritum().calendars
    )
    return replace(claritum(), calendars=hours)


@pytest.mark.parametrize(
    "released", [replace(RELEASE, shipped_at=MONDAY_EIGHT), replace(RELEASE, day=date(2026, 11, 30))]
)
def test_a_release_that_has_shipped_or_whose_day_has_not_passed_is_not_overdue(released: Release) -> None:
    assert not find_overdue_releases(context(), [released])


def test_rule_05_a_release_is_told_of_when_the_office_opens_after_its_day() -> None:
    assert not find_overdue_releases(context(MONDAY_EIGHT - timedelta(seconds=1)), [RELEASE])
    assert find_overdue_releases(context(), [RELEASE]) == [RELEASE]


def test_rule_05_the_owners_and_the_supervisors_are_told_once() -> None:
    promised = [PromisedFix("CD-1", "ann"), PromisedFix("CD-2", None), PromisedFix("CD-3", "ann")]
    notice = make_release_notice(context(), RELEASE, promised)
    assert notice is not None
    assert notice.people == ("ann", "sue")
    assert notice.text == (
        "8.3 was due on Fri 27 Nov 2026 and has not shipped. 3 tickets promise a fix in it: CD-1, CD-2, CD-3. "
        "Record when it shipped, or move it to another day."
    )


def test_a_notice_names_a_few_tickets_and_counts_the_others() -> None:
    notice = make_release_notice(context(), RELEASE, [PromisedFix(f"CD-{each}", None) for each in range(7)])
    assert notice is not None
    assert "7 tickets promise a fix in it: CD-0, CD-1, CD-2, CD-3, CD-4 and 2 more." in notice.text


def test_a_late_notice_says_so() -> None:
    notice = make_release_notice(
        context(MONDAY_EIGHT + timedelta(hours=3)), RELEASE, [PromisedFix("CD-1", None)]
    )
    assert notice is not None
    assert notice.text.endswith("This notice is late: it was due on Mon 30 Nov 2026 08:00 GMT.")


def test_nobody_is_told_of_a_release_that_no_ticket_promises() -> None:
    assert make_release_notice(context(), RELEASE, []) is None


def test_rule_05_a_release_that_moved_and_passes_again_is_told_of_again() -> None:
    assert release_key(RELEASE) != release_key(replace(RELEASE, day=date(2026, 12, 4)))


def test_an_owner_who_has_left_is_not_told() -> None:
    ann = replace(RECORDS.staff["ann"], active=False)
    notice = make_release_notice(context(ann=ann), RELEASE, [PromisedFix("CD-1", "ann")])
    assert notice is not None
    assert notice.people == ("sue",)


def test_administrators_are_told_sixty_days_before_the_holidays_are_unknown() -> None:
    last = MONDAY_EIGHT.date() + timedelta(days=60)
    assert not list(find_horizon_notices(context(policy=known_until(last + timedelta(days=1)), ada=ADA)))
    (notice,) = find_horizon_notices(context(policy=known_until(last), ada=ADA))
    assert notice.people == ("ada",)
    assert notice.key == "holidays office 2027-01-29"
    assert notice.text.startswith("the holidays of office hours are known until Fri 29 Jan 2027")


def test_without_an_administrator_the_supervisors_are_told() -> None:
    (notice,) = find_horizon_notices(context(policy=known_until(MONDAY_EIGHT.date())))
    assert notice.people == ("sue",)


def test_a_calendar_without_holidays_has_no_horizon() -> None:
    assert [each.key for each in find_ending_calendars(known_until(FRIDAY), FRIDAY)] == ["office"]
