"""Limits how often links may be guessed."""

from __future__ import annotations

import ipaddress
import threading
from collections import OrderedDict, deque
from collections.abc import Callable

PERIOD = 60.0
"""Seconds."""
PER_CLIENT = 10
"""Wrong links of one client in a period, before it is told to wait."""
ALTOGETHER = 200
"""Wrong links of all clients in a period, before all who give wrong ones are told to wait."""
_CLIENTS = 1_000


class GuessLimit:
    """Counts wrong links by client. A right one is never refused: who guesses must not keep others from theirs.

    `clock` returns seconds that never go back. Any thread may use it.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._wrong: OrderedDict[str, deque[float]] = OrderedDict()
        self._all: deque[float] = deque(maxlen=ALTOGETHER)

    def count_wrong(self, client: str) -> bool:
        """Count a wrong link of a client; return whether it is within the limit."""
        key = _network(client)
        with self._lock:
            now = self._clock()
            wrong = self._wrong.setdefault(key, deque(maxlen=PER_CLIENT))
            self._wrong.move_to_end(key)
            while len(self._wrong) > _CLIENTS:
                self._wrong.popitem(last=False)
            within = _has_room(wrong, now) and _has_room(self._all, now)
            wrong.append(now)
            self._all.append(now)
            return within


def _has_room(times: deque[float], now: float) -> bool:
    return len(times) < (times.maxlen or 0) or now - times[0] > PERIOD


def _network(client: str) -> str:
    """Return an address, or the network of an IPv6 address: one client has all addresses of it."""
    try:
        address = ipaddress.ip_address(client)
    except ValueError:
        return ""
    return str(ipaddress.ip_network((address, 64), strict=False)) if address.version == 6 else client
