"""A desk to which a mail server delivers by LMTP, and which a test can take away."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from supportdesk.desk import Desk
from supportdesk.desk_api import DeskApi
from supportdesk.intake.mail.lmtp_server import LmtpServer
from supportdesk.intake.mail.mailbox import Mailbox
from tests.intake.mail.messages import OUR_SERVER, SUPPORT
from tests.patience import wait_for

T = TypeVar("T")
MAILBOX = Mailbox("support", "lmtp", addresses=frozenset({SUPPORT}), hosts=(OUR_SERVER,))


class Opened:
    """A desk; while it has a `failure`, it cannot be used."""

    failure: Exception | None = None

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def use(self, work: Callable[[DeskApi], T]) -> T:
        """Return what `work` returns for the desk, or raise the failure."""
        if self.failure is not None:
            raise self.failure
        return work(self.desk)


@contextmanager
def serving(opened: Opened, log: list[str]) -> Iterator[int]:
    """The port of a server that ends with the block; what it says is added to the log."""
    stopped = asyncio.Event()
    loop = asyncio.new_event_loop()
    serve = LmtpServer(opened, MAILBOX, log.append).serve("127.0.0.1", 0, stopped)
    thread = threading.Thread(target=loop.run_until_complete, args=(serve,))
    thread.start()
    try:
        wait_for(lambda: log, lambda: "it does not listen")
        yield int(log[0].rpartition(" ")[2])
    finally:
        loop.call_soon_threadsafe(stopped.set)
        thread.join()
        loop.close()
