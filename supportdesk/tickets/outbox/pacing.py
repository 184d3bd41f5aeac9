"""When an address is used again: after an attempt that failed, and after what was sent to it just before.

What is urgent waits for neither its turn nor a limit; only a failed attempt is repeated after a while.
"""

from __future__ import annotations

from collections.abc import Sequence

HOUR = 3_600

CLAIM_LENGTH = 30
"""Seconds for which a claim on a delivery holds. Its holder renews it while it is sending."""

SPACING = 60
"""Seconds between two messages to one address that are not urgent; what comes in between is bundled into the second."""

HOURLY_LIMIT = 12
"""How many messages that are not urgent are sent to one address in any hour."""

AT_ONE_ADDRESS = 4
"""How many urgent messages are on their way to one address at once, so that one that hangs delays no other person's."""

_URGENT_RETRIES = (5, 10, 20, 40, 60)
"""Seconds after each failed attempt at something urgent; the last one repeats."""

_RETRIES = (60, 300, 900, 3_600)

LONGEST_DELAYS = {True: max(_URGENT_RETRIES), False: max(_RETRIES)}
"""Seconds after which something is tried again at the latest, by whether it is urgent."""

_MOST_ATTEMPTS = {True: 120, False: 10}
"""After how many attempts a delivery has failed, by whether it is urgent: one that is urgent is tried for two hours."""


def find_retry(attempt: int, at: int, *, urgent: bool) -> int | None:
    """Return when to try again after an attempt that failed at `at`, in UTC epoch seconds; None for never.

    `attempt` is the number of attempts so far, since somebody on the staff asked for another one if they did.
    """
    if attempt >= _MOST_ATTEMPTS[urgent]:
        return None
    delays = _URGENT_RETRIES if urgent else _RETRIES
    return at + delays[min(attempt, len(delays)) - 1]


def find_last_series(attempts: int, *, urgent: bool) -> int:
    """Return after how many of its attempts the last series of something that waits began, where nothing else says it.

    After as many as there are in a series it waits only because somebody asked for another attempt.
    """
    return attempts - attempts % _MOST_ATTEMPTS[urgent]


def find_free(sent: Sequence[int], at: int) -> int:
    """Return from when an address may have another message that is not urgent; `at` itself where it may have it now.

    `sent` are the instants of what was sent to it in the last hour, in order and in UTC epoch seconds.
    """
    recent = [each for each in sent if at - HOUR < each <= at]
    free = recent[-1] + SPACING if recent else at
    if len(recent) >= HOURLY_LIMIT:
        free = max(free, recent[-HOURLY_LIMIT] + HOUR)
    return max(at, free)
