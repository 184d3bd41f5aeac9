"""When the deliveries of a message are due, by the person's addresses and quiet hours."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from supportdesk.sla.clocks import epoch
from supportdesk.tickets.documents import Address, QuietHours
from supportdesk.tickets.outbox.plan import QUIET_HOURS, find_hand_off_limit, plan_deliveries
from supportdesk.tickets.outbox.quiet_hours import find_quiet_end
from tests.tickets.scenario import person

LONDON = "Europe/London"
NIGHTS = QuietHours(time(22), time(7))
PRIYA = replace(
    person("priya", "technical-support"),
    addresses=(Address("sms", "+44 1"), Address("call", "+44 1", 120)),
    quiet_hours=NIGHTS,
)


def london(day: int, hour: int, minute: int = 0, month: int = 11) -> int:
    return epoch(datetime(2026, month, day, hour, minute, tzinfo=ZoneInfo(LONDON)))


def test_each_address_gets_a_delivery_after_its_delay() -> None:
    at = london(23, 9)
    planned = plan_deliveries(PRIYA, at, LONDON, urgent=False)
    assert [(each.place, each.address.method, each.due - at, each.held) for each in planned] == [
        (1, "sms", 0, ""),
        (2, "call", 120, ""),
    ]


def test_what_is_not_urgent_waits_for_the_end_of_the_quiet_hours() -> None:
    for at in (london(23, 23), london(24, 3)):
        planned = plan_deliveries(PRIYA, at, LONDON, urgent=False)
        assert [(each.due, each.held) for each in planned] == [
            (london(24, 7), QUIET_HOURS),
            (london(24, 7, 2), QUIET_HOURS),
        ]


def test_what_is_urgent_ignores_the_quiet_hours() -> None:
    at = london(24, 3)
    assert [each.due - at for each in plan_deliveries(PRIYA, at, LONDON, urgent=True)] == [0, 120]


def test_a_delay_that_ends_in_the_quiet_hours_waits_for_their_end() -> None:
    planned = plan_deliveries(PRIYA, london(23, 21, 59), LONDON, urgent=False)
    assert [each.due for each in planned] == [london(23, 21, 59), london(24, 7)]


def test_quiet_hours_within_a_day_end_on_that_day() -> None:
    lunch = QuietHours(time(12), time(13, 30))
    assert find_quiet_end(lunch, london(23, 12), LONDON) == london(23, 13, 30)
    assert find_quiet_end(lunch, london(23, 13, 30), LONDON) == london(23, 13, 30)
    assert find_quiet_end(lunch, london(23, 23), LONDON) == london(23, 23)


def test_quiet_hours_follow_the_wall_clock_when_the_clocks_change() -> None:
    into_winter = find_quiet_end(NIGHTS, london(24, 22, month=10), LONDON)
    assert into_winter - london(24, 22, month=10) == 10 * 3600
    into_summer = find_quiet_end(NIGHTS, london(28, 22, month=3), LONDON)
    assert into_summer - london(28, 22, month=3) == 8 * 3600


MINUTES = st.times().map(lambda each: each.replace(second=0, microsecond=0))


@given(MINUTES, MINUTES, st.integers(london(1, 0, month=1), london(31, 23, month=12)))
def test_after_the_end_of_the_quiet_hours_it_is_not_quiet(start: time, end: time, instant: int) -> None:
    hours = QuietHours(start, end)
    ended = find_quiet_end(hours, instant, LONDON)
    assert instant <= ended <= instant + 25 * 3600
    assert find_quiet_end(hours, ended, LONDON) == ended or start == end


def test_a_page_is_to_be_handed_off_within_a_minute_of_its_first_delivery() -> None:
    at = london(23, 9)
    assert find_hand_off_limit(plan_deliveries(PRIYA, at, LONDON, urgent=True), at) == at + 60
    night = london(23, 23)
    assert find_hand_off_limit(plan_deliveries(PRIYA, night, LONDON, urgent=False), night) == london(24, 7, 1)


def test_a_page_to_somebody_without_an_address_has_failed_at_once() -> None:
    assert find_hand_off_limit([], 1_000) == 1_000
