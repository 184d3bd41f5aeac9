"""Guessing links is slowed down."""

from __future__ import annotations

from supportdesk.watcher.links.guess_limit import ALTOGETHER, PER_CLIENT, PERIOD, GuessLimit


class Seconds:
    """A clock that stands still until it is set."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


def test_a_client_may_give_some_wrong_links_in_a_minute() -> None:
    seconds = Seconds()
    limit = GuessLimit(seconds)
    within = [limit.count_wrong("192.0.2.1") for _ in range(PER_CLIENT + 5)]
    assert within == [True] * PER_CLIENT + [False] * 5
    assert limit.count_wrong("192.0.2.2")
    seconds.now += PERIOD + 1
    assert limit.count_wrong("192.0.2.1")


def test_one_network_is_one_client() -> None:
    limit = GuessLimit(Seconds())
    within = [limit.count_wrong(f"2001:db8::{number:x}") for number in range(PER_CLIENT + 1)]
    assert within == [True] * PER_CLIENT + [False]
    assert limit.count_wrong("2001:db8:0:1::1")


def test_many_clients_together_are_limited_as_well() -> None:
    limit = GuessLimit(Seconds())
    within = [limit.count_wrong(f"192.0.2.{number % 250}") for number in range(ALTOGETHER + 1)]
    assert within == [True] * ALTOGETHER + [False]


def test_however_many_clients_guess_few_are_held_in_memory() -> None:
    limit = GuessLimit(Seconds())
    for number in range(5_000):
        limit.count_wrong(f"10.0.{number // 256}.{number % 256}")
    assert len(limit._wrong) <= 1_000
