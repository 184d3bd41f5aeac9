"""Calls the heartbeat address each minute, so that an alarm outside the desk sounds when the watcher stops."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from supportdesk import __version__
from supportdesk.desk_api import DeskApi

if TYPE_CHECKING:
    from supportdesk.settings.watcher import WatcherSettings

PERIOD = 60.0
"""Seconds between two calls."""
TIMEOUT = 15.0
"""Seconds for the other side to answer."""
_CLOSING = 1.0
"""Seconds for which a call under way is waited for at the end."""


HeartbeatCall = Callable[[], str]
"""Calls the heartbeat address, and returns why that failed, empty if it did not. Blocks for some seconds at most."""


def no_call() -> HeartbeatCall | None:
    """Return None: there is no heartbeat address."""
    return None


class HeartbeatCalls:
    """Calls an address each minute on a thread of its own, as long as the watcher ticks.

    A watcher that hangs, or cannot reach its desk, makes no call: the alarm is to sound. A call that fails is the
    fault of this task, and changes nothing else.
    """

    name = "the heartbeat"

    def __init__(self, load_call: Callable[[], HeartbeatCall | None], period: float = PERIOD) -> None:
        """Make the task. `load_call` returns what calls the address, None for none; it is called at each tick."""
        self._load_call = load_call
        self._call: HeartbeatCall | None = None
        self._period = period
        self._closed = threading.Event()
        self._ticked = 0.0
        self._fault = ""
        self._thread: threading.Thread | None = None

    @property
    def fault(self) -> str:
        """Why the last call failed."""
        return f"the heartbeat address was not reached: {self._fault}" if self._fault else ""

    def tick(self, desk: DeskApi, now: datetime, *, is_stopped: Callable[[], bool]) -> bool:
        """Note that the watcher ticks; begin to call at the first tick at which there is an address."""
        self._ticked = time.monotonic()
        self._call = self._load_call()
        if self._call is None:
            self._fault = ""
        elif self._thread is None:
            self._thread = threading.Thread(target=self._run, name="heartbeat", daemon=True)
            self._thread.start()
        return False

    def close(self) -> None:
        """Make no more calls."""
        self._closed.set()
        if self._thread is not None:
            self._thread.join(_CLOSING)

    def _run(self) -> None:
        while not self._closed.is_set():
            began, call = time.monotonic(), self._call
            if call is not None and began - self._ticked <= self._period:
                self._fault = call()
            self._closed.wait(max(0.0, self._period - (time.monotonic() - began)))


def make_call(settings: WatcherSettings) -> HeartbeatCall | None:
    """Return what calls the heartbeat address of the settings; None where they have none."""
    from supportdesk.access.secret import SetupError, secret_at

    general = settings.general
    plain = general.heartbeat_url
    file = general.heartbeat_url_file
    try:
        secret = secret_at(settings.resolve(file) if file else None, general.heartbeat_url_env)
    except OSError as error:
        why = f"{file}: {error.strerror}"
        return lambda: why
    if plain is None and secret is None:
        return None

    def call() -> str:
        try:
            url = secret.read() if secret is not None else str(plain)
        except SetupError as error:
            return str(error)
        return call_address(url, general.heartbeat_body)

    return call


def call_address(url: str, body: str | None = None, timeout: float = TIMEOUT) -> str:
    """Fetch an address, or post JSON to it; return why that failed, empty if it did not. Never quotes the address."""
    import urllib.request
    from urllib.error import HTTPError, URLError

    from supportdesk.access.connection import describe_error
    from supportdesk.settings.web_address import split_address

    if split_address(url) is None:
        return "it is no web address"
    headers = {"User-Agent": f"supportdesk/{__version__}"}
    if body is not None:
        headers["Content-Type"] = "application/json"
    request = urllib.request.Request(url, body.encode() if body is not None else None, headers)  # noqa: S310 - http or https
    try:
        with urllib.request.urlopen(request, timeout=timeout):  # noqa: S310 - http or https
            return ""
    except HTTPError as error:
        return f"it answered {error.code}"
    except URLError as error:
        return (
            describe_error(error.reason) if isinstance(error.reason, BaseException) else "it is unreachable"
        )
    except Exception as error:  # noqa: BLE001 - whatever the other side says must not end the thread
        return describe_error(error)
