"""Goes on with a move that has to be finished once a lost database is back: nobody can work anywhere meanwhile."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from supportdesk.store.errors import DeskUnavailableError, ForbiddenError

PATIENCE = 300.0
"""Seconds for which a lost database is waited for, longer than a restart or a failover takes."""

_PAUSE = 1.0
"""Seconds between two attempts, each of which waits for some seconds itself."""

T = TypeVar("T")


class UnsettledMoveError(DeskUnavailableError):
    """A database stayed away before it was known that a move was finished: running the same move again finishes it."""


def retry_until_back(work: Callable[[], T], state: str, report: Callable[[str], None]) -> T:
    """Return what `work` returns, which is tried again while a database is away. It may be run any number of times.

    `state` says how far the move has come, and `report` is called with that and with what is wrong. Raises
    UnsettledMoveError after `PATIENCE` seconds, and at once for what waiting does not change: a right that is missing.
    """
    give_up_at = time.monotonic() + PATIENCE
    reported = ""
    while True:
        try:
            return work()
        except DeskUnavailableError as error:
            reason = str(error)
            if isinstance(error, ForbiddenError) or time.monotonic() >= give_up_at:
                raise UnsettledMoveError(
                    f"{state}, and {reason}. Then run the same `supportdesk db copy` again, which finishes the move"
                ) from error
            if reason != reported:
                report(f"{state}, and {reason}; trying again")
                reported = reason
        time.sleep(_PAUSE)
