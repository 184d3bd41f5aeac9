"""A desk as it was: the door over a ledger, open at a moment of the past, where everything is seen and nothing done."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from supportdesk.door import Door
from supportdesk.replay import ReplayClock, ReplayControls
from supportdesk.store.views import QueueRow

__all__ = ["PastDesk", "ReplayClock", "ReplayControls", "queue_as_of"]


class PastDesk(Door):
    """A desk at the moment that its clock shows; `controls` moves that moment. Every command is refused.

    `url` names the database. The ledger is read once, when it is opened; what is written later is not shown.
    """

    def __init__(self, url: str, start: datetime, speed: float = 1.0) -> None:
        raise NotImplementedError

    @property
    def controls(self) -> ReplayControls:
        """Pause, speed and step."""
        raise NotImplementedError


def queue_as_of(url: str, at: datetime) -> Sequence[QueueRow]:
    """Every ticket that was not closed at an instant, as the queue showed it then."""
    raise NotImplementedError
