"""One ticket in the queue, with the values computed from its row."""

from __future__ import annotations

import msgspec

from supportdesk.sla.clocks import State
from supportdesk.store.read_models import QueueRow
from supportdesk.tickets.folding import fold


class QueueEntry(msgspec.Struct, gc=False, eq=False):
    """A ticket as its row was read; a changed row becomes a new entry.

    `state` is that of the leading clock, the only attribute that changes with time. `urgency` is the sort key, `text`
    the folded text that a filter searches.
    """

    row: QueueRow
    state: State
    urgency: tuple[int, int, str]
    is_open: bool
    text: str


def searchable(row: QueueRow, severity: str) -> str:
    """Return the folded text in which a filter's words are searched; `severity` is the severity's name."""
    waiting = f"waiting on {row.waiting}" if row.waiting else ""
    texts = (
        row.summary,
        row.ref,
        row.ref.replace("-", ""),
        row.organisation,
        row.contact,
        row.owner_name,
        row.owner or "nobody",
        severity,
        row.stage,
        row.team,
        waiting,
    )
    return fold("\n".join(texts))
