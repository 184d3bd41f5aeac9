"""One ticket in the queue, with what is worked out from it once."""

from __future__ import annotations

import msgspec

from supportdesk.sla.clocks import State
from supportdesk.store.read_models import QueueRow
from supportdesk.tickets.folding import fold


class QueueEntry(msgspec.Struct, gc=False, eq=False):
    """A ticket as it was when its row was read; a changed row is another entry.

    `state` is that of the leading clock and the only thing that time changes. `urgency` is the key under which the
    entry is filed, `text` what the filter looks through, folded.
    """

    row: QueueRow
    state: State
    urgency: tuple[int, int, str]
    is_open: bool
    text: str


def searchable(row: QueueRow, severity: str) -> str:
    """What a filter may find a ticket by, whatever the time; `severity` is the severity's name."""
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
