"""Everything that a watcher does, in its order."""

from __future__ import annotations

from supportdesk.watcher.desk_notices import DeskNotices
from supportdesk.watcher.escalations import Escalations
from supportdesk.watcher.task import Say, WatcherTask


def make_tasks(say: Say) -> list[WatcherTask]:
    """Return the tasks of a watcher; they keep their own state."""
    return [Escalations(say), DeskNotices(say)]
