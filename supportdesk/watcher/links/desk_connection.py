"""The connection of links to the desk, which is opened again after the desk could not be reached."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

from supportdesk.desk_api import DeskApi, DeskUnavailableError

T = TypeVar("T")


class DeskConnection:
    """Opens a desk when it is first needed. Any thread may use it; `close` ends it for good."""

    def __init__(self, connect: Callable[[], DeskApi]) -> None:
        """Make the connection; `connect` opens the desk, and raises DeskUnavailableError."""
        self._connect = connect
        self._lock = threading.Lock()
        self._desk: DeskApi | None = None
        self._closed = False

    def use(self, work: Callable[[DeskApi], T]) -> T:
        """Return what `work` returns for the desk. Raises DeskUnavailableError, after which it is opened again."""
        with self._lock:
            if self._closed:
                raise DeskUnavailableError("the program is ending")
            if self._desk is None:
                self._desk = self._connect()
            desk = self._desk
        try:
            return work(desk)
        except DeskUnavailableError:
            with self._lock:
                if self._desk is desk:
                    self._desk = None
            desk.close()
            raise

    def close(self) -> None:
        """Close the desk, and open none again."""
        with self._lock:
            desk, self._desk, self._closed = self._desk, None, True
        if desk is not None:
            desk.close()
