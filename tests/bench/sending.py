"""How soon a page is handed off after it was recorded: now and then, and many at once, by a gateway that takes a while.

A watcher looks every 5 s, as in a console. The pages are of Criticals, so that each goes out alone.
"""

from __future__ import annotations

import random
import statistics
import tempfile
import threading
import time
from contextlib import closing
from pathlib import Path

from msgspec.structs import replace

from supportdesk.desk import Desk
from supportdesk.tickets.documents import Address
from supportdesk.tickets.records.commands import SavePerson
from supportdesk.watcher.hosting import start_watcher
from supportdesk.watcher.outside import Outside
from supportdesk.watcher.sending.page import OutgoingPage
from supportdesk.watcher.sending.sender import SendResult, delivered
from tests.bench.desks import open_desk
from tests.store.desks import done, furnished, logged
from tests.tickets.scenario import MONDAY_NINE
from tests.watcher.fast_clock import FastClock

INTERVAL = 5.0
PAGES = 40
"""Pages that are logged one by one, at random moments a second apart on average."""

AT_ONCE = 200
"""Pages that are logged as fast as the desk takes them."""

GATEWAY_SECONDS = 0.5


class Gateway:
    """Takes a while for each page, and notes when it was handed over."""

    def __init__(self) -> None:
        self.handed_off: dict[str, float] = {}
        self._guard = threading.Lock()

    def send(self, page: OutgoingPage) -> SendResult:
        with self._guard:
            if page.kind == "page" and page.reference:
                self.handed_off.setdefault(page.reference, time.monotonic())
        time.sleep(GATEWAY_SECONDS)
        return delivered()


def report() -> str:
    """Return the seconds between the record of a page and its handing off."""
    lines = [f"{'pages':>20}{'p50 s':>8}{'p99 s':>8}{'not sent':>10}"]
    for name, pages, pause in (("one by one", PAGES, 1.0), ("at once", AT_ONCE, 0.0)):
        with tempfile.TemporaryDirectory() as folder:
            delays = measure(furnished(Path(folder)), pages, pause)
        p99 = sorted(delays)[int(len(delays) * 0.99)]
        lines.append(
            f"{f'{pages} {name}':>20}{statistics.median(delays):>8.1f}{p99:>8.1f}{pages - len(delays):>10}"
        )
    return "\n".join(lines)


def measure(address: str, pages: int, pause: float) -> list[float]:
    """Log so many Criticals, `pause` seconds apart on average, and return how long each page waited, in seconds."""
    clock, gateway, chance = FastClock(MONDAY_NINE, time.monotonic(), 1), Gateway(), random.Random(1)
    recorded: dict[str, float] = {}
    with closing(open_desk(address, clock)) as desk:
        reach_by_sms(desk)
        outside = Outside(load_senders=lambda: {"sms": gateway})
        watcher = start_watcher(lambda: open_desk(address, clock), None, interval=INTERVAL, outside=outside)
        for _ in range(pages):
            ref = logged(desk, severity="critical", channel="hotline")
            recorded[ref] = time.monotonic()
            time.sleep(chance.uniform(0, 2 * pause))
        end = time.monotonic() + 120
        while len(gateway.handed_off) < pages and time.monotonic() < end:
            time.sleep(0.05)
        watcher.stop()
    return [max(0.0, at - recorded[ref]) for ref, at in gateway.handed_off.items()]


def reach_by_sms(desk: Desk) -> None:
    person = desk.person("dora")
    assert person is not None
    done(desk, SavePerson(replace(person, addresses=(Address("sms", "+44 7700 900123"),))), by="sue")


if __name__ == "__main__":
    print(report())
