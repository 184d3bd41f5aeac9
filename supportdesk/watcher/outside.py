"""What a watcher does outside its desk: how it sends, what its links are, and where it says that it is alive."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from msgspec import Struct

from supportdesk.watcher.anchors import AnchorSettings, no_anchors
from supportdesk.watcher.heartbeat_calls import HeartbeatCall, no_call
from supportdesk.watcher.outgoing_page import FindLink
from supportdesk.watcher.sending.configured import list_working
from supportdesk.watcher.sending.sender import Sender
from supportdesk.watcher.task import Say, WatcherTask


def no_methods() -> Sequence[str]:
    """Return none: nothing is sent by anything but the senders of pages."""
    return ()


def no_more_tasks(say: Say) -> Sequence[WatcherTask]:
    """Return nothing: the watcher has its own tasks only."""
    return ()


class Outside(Struct, frozen=True):
    """Functions that a watcher calls on its own threads; by default, nothing is done.

    `load_senders` returns the senders by their methods; without any, nothing is sent. `find_link` makes the link of a
    page. `load_call` returns what calls the heartbeat address, None for none, and `load_anchors` where the ledger is
    anchored. All but `find_link` are called at each tick, so that what they return may change. `make_more_tasks`
    returns what else the watcher does at each tick, such as taking in mail, and `find_more_methods` by what else it can
    send.
    """

    load_senders: Callable[[], Mapping[str, Sender]] = dict
    find_link: FindLink | None = None
    load_call: Callable[[], HeartbeatCall | None] = no_call
    load_anchors: Callable[[], AnchorSettings | None] = no_anchors
    make_more_tasks: Callable[[Say], Sequence[WatcherTask]] = no_more_tasks
    find_more_methods: Callable[[], Sequence[str]] = no_methods

    def find_methods(self) -> tuple[str, ...]:
        """Return the methods by which the watcher can send at present."""
        return (*list_working(self.load_senders()), *self.find_more_methods())
