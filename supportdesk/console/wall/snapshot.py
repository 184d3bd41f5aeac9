"""The data that the wall shows, as values: breached tickets, the next to breach, and the order of the pages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

import msgspec

from supportdesk.console.board.reader import BoardData
from supportdesk.sla.clocks import State, epoch, state_at
from supportdesk.store.read_models import QueueRow


class WallPage(StrEnum):
    """A page of the wall."""

    NOW = "now"
    NEXT = "next"
    DESK = "desk"
    MONTH = "month"


class WallSnapshot(msgspec.Struct, frozen=True):
    """The desk at `now`, with times shown in `zone`.

    `summaries` shows the customer and summary of each ticket, which everybody who passes could read. `plain` and
    `colourless` say what the terminal lacks; see `BoardContext`.
    """

    data: BoardData
    now: datetime
    zone: str
    summaries: bool = False
    plain: bool = False
    colourless: bool = False

    def in_state(self, state: State) -> list[QueueRow]:
        """Return the open tickets whose leading clock is in a state, the most severe and urgent first."""
        at, policy = epoch(self.now), self.data.policy
        ranks = {severity.key: rank for rank, severity in enumerate(policy.severities)}
        rows = (history.row for history in self.data.histories)
        found = [row for row in rows if row.is_open and state_at(row.lead, at) is state]
        return sorted(found, key=lambda row: (ranks.get(row.severity, len(ranks)), row.urgency))

    @property
    def unpaged(self) -> list[QueueRow]:
        """The open tickets whose page found nobody (rule 18), the oldest first."""
        rows = (history.row for history in self.data.histories if history.row.nobody_paged)
        return sorted(rows, key=lambda row: (row.received_at, row.ref))

    @property
    def open(self) -> int:
        """The number of open tickets."""
        return sum(history.row.is_open for history in self.data.histories)

    @property
    def next(self) -> list[QueueRow]:
        """The open tickets that will breach unless somebody acts, the soonest first."""
        at = epoch(self.now)
        rows = (history.row for history in self.data.histories if history.row.is_open)
        coming = [row for row in rows if row.lead.breached_at is not None and row.lead.breached_at > at]
        return sorted(coming, key=lambda row: row.urgency)


ROUND = (WallPage.NOW, WallPage.NEXT, WallPage.DESK, WallPage.MONTH)
ROTATION_WITH_BREACH = (
    WallPage.NOW,
    WallPage.NEXT,
    WallPage.NOW,
    WallPage.DESK,
    WallPage.NOW,
    WallPage.MONTH,
)


def rotation(snapshot: WallSnapshot) -> Sequence[WallPage]:
    """Return the pages in their order; while a ticket is breached or nobody was paged, NOW follows every other page."""
    return ROTATION_WITH_BREACH if snapshot.unpaged or snapshot.in_state(State.BREACHED) else ROUND
