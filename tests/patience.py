"""Waiting for what other threads and processes bring about, without a guess at how long that takes."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

LAST_RESORT = 300.0
"""Seconds after which something that is waited for counts as hanging: far longer than a busy machine needs."""

BREATH = 0.02
"""Seconds between two looks."""

T = TypeVar("T")


class NeverCameError(AssertionError):
    """Something that was waited for never came; the text says what was there instead."""


def wait_for(find: Callable[[], T | None], describe: Callable[[], str], limit: float = LAST_RESORT) -> T:
    """Look until `find` returns something true; return that.

    Raises NeverCameError with what `describe` says after `limit` seconds.
    """
    end = time.monotonic() + limit
    while not (found := find()):
        if time.monotonic() > end:
            raise NeverCameError(f"after {limit:.0f} s: {describe()}")
        time.sleep(BREATH)
    return found
