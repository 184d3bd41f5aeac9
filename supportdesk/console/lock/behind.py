"""What the lock screen shows of the desk behind it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from supportdesk.console.session import Session
    from supportdesk.store.read_models import DueTicket


class Behind(msgspec.Struct, frozen=True):
    """The desk behind the lock screen, read each second. `session` returns None until the desk is open."""

    desk: str
    username: str
    session: Callable[[], Session | None]
    rings: Callable[[], bool]
    overdue: Callable[[], Sequence[DueTicket]]
