"""A desk on which pages and notices were sent, tried, cancelled and held back, with links and a handover."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import time, timedelta
from pathlib import Path

from msgspec.structs import replace

from supportdesk.clock import FixedClock
from supportdesk.desk import Desk
from supportdesk.sla.clocks import instant
from supportdesk.store.backend import Database
from supportdesk.store.database import open_database
from supportdesk.tickets.actors import WATCHER
from supportdesk.tickets.documents import QuietHours
from supportdesk.tickets.process.sending import EscalateUnsent
from supportdesk.tickets.process.steps import TakeSteps
from supportdesk.tickets.process.triage import Acknowledge
from supportdesk.tickets.process.undo import Undo
from supportdesk.tickets.records.commands import AcknowledgeNotice, SavePerson, SendNotice
from supportdesk.tickets.records.rota_commands import RecordAbsence
from supportdesk.tickets.records.shift_commands import HandOverShift
from supportdesk.watcher.links.link_desk import page_link
from tests import databases
from tests.store.desks import done, furnish, logged
from tests.store.outboxes import ROOM, at, claim, critical, give_addresses, notify, report

DELIVERED, UNSENT, UNDONE, NOTIFIED = "CD-4C00-W", "CD-4C01-T", "CD-4C02-Q", "CD-4C03-N"
"""A Critical whose page arrived and was acknowledged; one whose page could not be sent; one whose acknowledgement was
undone; and a request whose owner was notified of its response.
"""


def copy_paged_desk(folder: Path) -> Path:
    """Return the file of such a desk of one's own."""
    with databases.use(databases.SQLITE):
        return Path(paged_desk(folder))


def paged_desk(folder: Path) -> str:
    """Return the address of such a desk of one's own, in the folder or on the tests' server."""
    return databases.copy_of(_fill, folder / "desk.db")


@contextmanager
def paged_database() -> Iterator[Database]:
    """The database of such a desk of one's own, in a file or on the tests' server."""
    with (
        tempfile.TemporaryDirectory() as folder,
        closing(open_database(paged_desk(Path(folder)))) as database,
    ):
        yield database


def _fill(address: str) -> None:
    furnish(address)
    clock = FixedClock(at(0))
    with closing(Desk.open(address, clock)) as desk:
        give_addresses(desk)
        _page(desk, clock)
        _notify(desk, clock)
        done(desk, HandOverShift("All quiet.", "priya"), by="dora")
        assert {row.ref for row in desk.queue().rows} == {DELIVERED, UNSENT, UNDONE, NOTIFIED}


def _page(desk: Desk, clock: FixedClock) -> None:
    critical(desk)
    [[tried]] = [shipment.all for shipment in claim(desk)]
    report(desk, tried, "not delivered", "the gateway is busy")
    clock.set(at(6))
    [[again]] = [shipment.all for shipment in claim(desk)]
    desk.save_page_link("ab" * 32, page_link(DELIVERED, "dora", instant(again.at)))
    report(desk, again, "delivered", "accepted")
    done(desk, Acknowledge(DELIVERED), by="dora")
    clock.set(at(130))
    assert claim(desk) == [], "the call is cancelled"
    critical(desk)
    [[refused]] = [shipment.all for shipment in claim(desk)]
    report(desk, refused, "not delivered", "no such number", permanent=True)
    clock.set(at(200))
    [unsent] = desk.unsent_pages()
    command = EscalateUnsent(UNSENT, unsent.person, unsent.detail)
    done(desk, command, by=WATCHER.key, command_id=unsent.command_id)
    critical(desk)
    done(desk, Acknowledge(UNDONE), by="dora")
    claim(desk)
    done(desk, Undo(UNDONE), by="dora")
    claim(desk, "another")


def _notify(desk: Desk, clock: FixedClock) -> None:
    ann = desk.person("ann")
    assert ann is not None
    done(desk, SavePerson(replace(ann, quiet_hours=QuietHours(time(15), time(18)))), by="sue")
    logged(desk)
    clock.set(at(7 * 3_600))
    done(desk, TakeSteps(NOTIFIED), by=WATCHER.key)
    for key in ("first", "second"):
        notify(desk, key)
    [mail] = [
        shipment
        for shipment in desk.claim_shipments("here", {"mail": ROOM["mail"]})
        if shipment.first.person == "sue"
    ]
    for each in mail.all:
        report(desk, each, "delivered", bundled=each is not mail.first)
    clock.set(at(7 * 3_600 + 10))
    notify(desk, "third")
    claim(desk)
    notify(desk, "fourth", urgent=True)
    notify(desk, "fifth", "ann")
    done(desk, SendNotice(("sue", "ann"), "test", "a test page", "test 2026-11", False), by=WATCHER.key)
    desk.save_page_link("cd" * 32, page_link("test 2026-11", "sue", clock.now()))
    done(desk, AcknowledgeNotice("test 2026-11"), by="sue")
    start = clock.now() + timedelta(days=3)
    done(desk, RecordAbsence("ann", start, start + timedelta(days=1)), by="ann")
