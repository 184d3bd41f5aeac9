"""The shipments that a watcher is sending, each on a thread, with those that never come back."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable

from msgspec import Struct
from msgspec.structs import replace

from supportdesk.settings.watcher import LONGEST_COMMAND
from supportdesk.store.outbox_models import Shipment

URGENT_AT_ONCE, OTHERS_AT_ONCE = 8, 2
"""How many shipments are under way by one method: urgent ones, and others. A slow method holds up no other."""

SLOW_AFTER = 20.0
"""Seconds after which a shipment takes up no room any more: most senders have answered by then."""

GIVE_UP_AFTER = LONGEST_COMMAND + 30.0
"""Seconds after which a sender that has not answered hangs; longer than any that works."""

MOST_HANGING = 32
"""How many threads may hang in one method; then nothing more is sent by it until some come back."""


class Sending(Struct, frozen=True):
    """A shipment under way, and since when, in monotonic seconds. With an answer, it is only to be recorded."""

    shipment: Shipment
    since: float
    has_answer: bool = False


class UnderWay:
    """Starts the threads that send, and knows which shipments are under way. Any thread may ask."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._sending: dict[threading.Thread, Sending] = {}
        self._hanging: dict[threading.Thread, str] = {}

    def start(self, send: Callable[[Shipment], None], shipment: Shipment) -> None:
        """Send a shipment on a thread of its own."""
        thread = threading.Thread(target=send, args=(shipment,), name="sending", daemon=True)
        with self._guard:
            # Started before anybody else sees it: who closes the task waits for it.
            self._sending[thread] = Sending(shipment, time.monotonic())
            thread.start()

    def note_answer(self) -> bool:
        """Note that the calling thread's sender has answered; return whether that was in time."""
        thread = threading.current_thread()
        with self._guard:
            sending = self._sending.get(thread)
            if sending is not None:
                self._sending[thread] = replace(sending, has_answer=True)
            return thread not in self._hanging

    def end(self) -> None:
        """Note that the calling thread has sent its shipment, even if that was given up."""
        with self._guard:
            self._hanging.pop(threading.current_thread(), None)
            self._sending.pop(threading.current_thread(), None)

    def give_up(self) -> list[Shipment]:
        """Give up the shipments whose senders hang, and return them. Their threads are left to themselves."""
        with self._guard:
            end = time.monotonic() - GIVE_UP_AFTER
            late = {thread: each for thread, each in self._sending.items() if each.since <= end}
            hanging = {thread: each for thread, each in late.items() if not each.has_answer}
            for thread, each in hanging.items():
                del self._sending[thread]
                self._hanging[thread] = each.shipment.first.method
            return [each.shipment for each in hanging.values()]

    def list_threads(self) -> list[threading.Thread]:
        """Return the threads that are sending."""
        with self._guard:
            return list(self._sending)

    def list_ids(self) -> list[str]:
        """Return the deliveries under way."""
        with self._guard:
            return [message.id for each in self._sending.values() for message in each.shipment.all]

    def find_room(self, methods: Iterable[str]) -> dict[str, tuple[int, int]]:
        """Return how much more can be sent by each method: urgent shipments, and others."""
        with self._guard:
            recent = time.monotonic() - SLOW_AFTER
            shipments = [each.shipment for each in self._sending.values() if each.since > recent]
            hanging = list(self._hanging.values())
        room = {}
        for method in methods:
            urgent = [each.first.urgent for each in shipments if each.first.method == method]
            free = URGENT_AT_ONCE - urgent.count(True), OTHERS_AT_ONCE - urgent.count(False)
            if any(free) and hanging.count(method) < MOST_HANGING:
                room[method] = free
        return room

    def list_hanging(self) -> list[str]:
        """Return the methods in which threads hang, in alphabetical order."""
        with self._guard:
            return sorted(set(self._hanging.values()))
