"""What tests of the outbox share: a desk whose people have addresses, and what is done with what waits."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from msgspec.structs import replace

from supportdesk.clock import FixedClock
from supportdesk.desk import Desk
from supportdesk.sla.clocks import epoch
from supportdesk.store.outbox_models import OutgoingMessage, Shipment
from supportdesk.tickets.actors import WATCHER
from supportdesk.tickets.documents import Address, QuietHours
from supportdesk.tickets.process.sending import RecordAttempt
from supportdesk.tickets.records.commands import SavePerson, SendNotice
from tests.store.desks import done, furnished_desk, logged
from tests.tickets.scenario import MONDAY_NINE

SMS = Address("sms", "+44 7700 900123")
CALL = Address("call", "+44 7700 900123", delay=120)
ROOM = {"mail": (4, 2), "sms": (4, 2), "call": (4, 2)}


@contextmanager
def outbox_desk(folder: Path, clock: FixedClock) -> Iterator[Desk]:
    """A desk on which Dora, who is on call, has two addresses; Sue and Ann are reached by mail."""
    with furnished_desk(folder, clock) as opened:
        give_addresses(opened)
        yield opened


def give_addresses(desk: Desk) -> None:
    set_addresses(desk, "dora", SMS, CALL)
    for username in ("sue", "ann"):
        person = desk.person(username)
        assert person is not None
        done(desk, SavePerson(replace(person, email=f"{username}@desk.example")), by="sue")


def set_addresses(desk: Desk, username: str, *addresses: Address, quiet: QuietHours | None = None) -> None:
    person = desk.person(username)
    assert person is not None
    done(desk, SavePerson(replace(person, addresses=addresses, quiet_hours=quiet)), by="sue")


def critical(desk: Desk) -> str:
    """Log a Critical, which pages Dora, who is on call this week."""
    return logged(desk, severity="critical", channel="hotline")


def at(seconds: float) -> datetime:
    return MONDAY_NINE + timedelta(seconds=seconds)


def waiting(desk: Desk) -> list[tuple[str, str, str, float]]:
    """Return what waits: to whom, what, by which method, and how many seconds after nine o'clock."""
    return [
        (each.person, each.kind, each.method, each.due_at - epoch(MONDAY_NINE))
        for each in desk.outbox()
        if each.due_at is not None
    ]


def claim(desk: Desk, holder: str = "here", in_flight: frozenset[str] = frozenset()) -> list[Shipment]:
    return desk.claim_shipments(holder, ROOM, in_flight)


def claim_one(desk: Desk) -> OutgoingMessage:
    [shipment] = claim(desk)
    assert not shipment.bundled
    return shipment.first


def report(desk: Desk, message: OutgoingMessage, outcome: str, detail: str = "", **more: bool) -> None:
    done(desk, RecordAttempt(message.id, outcome, detail, **more), by=WATCHER.key)


def notify(desk: Desk, key: str, *people: str, urgent: bool = False) -> None:
    done(desk, SendNotice(people or ("sue",), "notice", f"about {key}", key, urgent), by=WATCHER.key)


def claim_critical(desk: Desk) -> OutgoingMessage:
    critical(desk)
    return claim_one(desk)
