"""When an address is used again."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from supportdesk.tickets.outbox.pacing import HOUR, HOURLY_LIMIT, SPACING, find_free, find_retry

NOW = 1_000_000


def test_a_failed_attempt_is_repeated_after_growing_delays() -> None:
    assert [find_retry(attempt, 0, urgent=True) for attempt in range(1, 8)] == [5, 10, 20, 40, 60, 60, 60]
    assert [find_retry(attempt, 0, urgent=False) for attempt in range(1, 7)] == [
        60,
        300,
        900,
        3600,
        3600,
        3600,
    ]


def test_attempts_come_to_an_end() -> None:
    assert find_retry(10, 0, urgent=False) is None
    assert find_retry(119, 0, urgent=True) == 60
    assert find_retry(120, 0, urgent=True) is None


def test_an_address_that_had_nothing_may_have_a_message_now() -> None:
    assert find_free([], NOW) == NOW
    assert find_free([NOW - SPACING], NOW) == NOW


def test_the_second_message_waits_a_minute_after_the_first() -> None:
    assert find_free([NOW - 1], NOW) == NOW - 1 + SPACING


def test_an_address_that_had_many_waits_until_the_first_of_them_is_an_hour_old() -> None:
    sent = [NOW - HOUR + 100 * each for each in range(1, HOURLY_LIMIT + 1)]
    assert find_free(sent, NOW) == NOW + 100


@given(st.lists(st.integers(NOW, NOW + 7_200), max_size=60))
def test_never_more_than_the_limit_is_sent_in_an_hour_nor_two_within_a_minute(wanted: list[int]) -> None:
    sent: list[int] = []
    for at in sorted(wanted):
        free = find_free(sent, at)
        assert free >= at
        if free == at:
            sent.append(at)
    assert all(later - earlier >= SPACING for earlier, later in pairwise(sent))
    assert all(later - earlier >= HOUR for earlier, later in zip(sent, sent[HOURLY_LIMIT:], strict=False))
