"""Everything that a watcher does, in its order."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from supportdesk.watcher.deliveries import CLOSING, Deliveries
from supportdesk.watcher.desk_notices import DeskNotices
from supportdesk.watcher.escalations import Escalations
from supportdesk.watcher.sending.sender import Sender
from supportdesk.watcher.task import Say, WatcherTask


def make_tasks(
    say: Say, load_senders: Callable[[], Mapping[str, Sender]] = dict, closing: float = CLOSING
) -> list[WatcherTask]:
    """Return the tasks of a watcher, which keep their own state. What the others cause is sent in the same tick.

    `load_senders` returns the senders by their methods; without any, nothing is sent. What is being sent at the end is
    waited for up to `closing` seconds.
    """
    return [Escalations(say), DeskNotices(say), Deliveries(say, load_senders, closing=closing)]
