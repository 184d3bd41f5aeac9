"""Everything that a watcher does, in its order."""

from __future__ import annotations

from supportdesk.watcher.anchors import Anchors
from supportdesk.watcher.deliveries import Deliveries
from supportdesk.watcher.desk_notices import DeskNotices
from supportdesk.watcher.escalations import Escalations
from supportdesk.watcher.heartbeat_calls import HeartbeatCalls
from supportdesk.watcher.outbox_task import CLOSING
from supportdesk.watcher.outside import Outside
from supportdesk.watcher.task import Say, WatcherTask

NOWHERE = Outside()
"""Nothing is sent, and nobody is called."""


def make_tasks(say: Say, outside: Outside = NOWHERE, closing: float = CLOSING) -> list[WatcherTask]:
    """Return the tasks of a watcher, which keep their own state. What the others cause is sent in the same tick.

    `outside` says how pages are sent, which address is called, where the ledger is anchored, and what else is done
    before; by default, nothing is. What is being sent at the end is waited for up to `closing` seconds.
    """
    return [
        *outside.make_more_tasks(say),
        Escalations(say),
        DeskNotices(say),
        Deliveries(say, outside.load_senders, outside.find_link, closing=closing),
        HeartbeatCalls(outside.load_call),
        Anchors(say, outside.load_anchors),
    ]
