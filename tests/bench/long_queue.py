"""A desk with any number of open tickets, made in a moment, that can only be looked at.

`python -m tests.bench.long_queue TICKETS URGENT [frozen]` opens the console on it. So many tickets are URGENT: their
timers, at the top, change each second. SIGRTMIN makes a ticket arrive; the time of a frozen desk stands.
"""

from __future__ import annotations

import random
import signal
import sys
import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from types import FrameType, MappingProxyType
from typing import cast

from supportdesk.desk_api import DeskApi, UnknownTicketError
from supportdesk.resources import data_path
from supportdesk.sla.clocks import ClockKind, ClockProjection, State, epoch
from supportdesk.sla.policy import Policy
from supportdesk.sla.policy_file import load_policy
from supportdesk.store.read_models import Changes, DueTicket, QueueRow, Roster, Snapshot, TicketView
from supportdesk.tickets import reference
from supportdesk.tickets.decision_context import CaseRecords
from supportdesk.tickets.documents import DeskNotice, Person, Role
from supportdesk.tickets.inbox.entry import InboxEntry

HOUR, DAY = 3_600, 86_400
OPERATOR = Person("ann", "Ann Lee", "user-support", (Role.AGENT,))
WORDS = [
    "export",
    "stops",
    "login",
    "slow",
    "invoice",
    "total",
    "printer",
    "approval",
    "order",
    "stock",
    "price",
]
ORGANISATIONS = [
    "Acme Ltd",
    "Northwind Traders",
    "Initech",
    "Globex Corporation",
    "Umbra Print",
    "Hooli",
    "Vandelay",
]


class LongQueue:
    """The part of `DeskApi` that showing the queue needs."""

    newer_version = ""

    def __init__(self, tickets: int, urgent: int, *, frozen: bool) -> None:
        self._policy = load_policy(data_path("policies/claritum.toml"))
        self._began = datetime.now(UTC)
        self._frozen = frozen
        self._urgent = urgent
        self._chance = random.Random(tickets)
        self._rows = [self._row(number) for number in range(tickets)]
        self._arrived: list[QueueRow] = []
        self._news = threading.Event()

    @property
    def policies(self) -> Mapping[str, Policy]:
        return MappingProxyType({self._policy.version: self._policy})

    def now(self) -> datetime:
        return self._began if self._frozen else datetime.now(UTC).replace(microsecond=0)

    def policy_at(self, at: datetime) -> Policy:
        return self._policy

    def queue(self) -> Snapshot:
        return Snapshot(self._rows, 1)

    def changes(self, since: int) -> Changes:
        rows = [row for row in self._arrived if row.changed_seq > since]
        return Changes(rows, 1 + len(self._arrived), records=frozenset())

    def wait_for_change(self, timeout: float) -> bool:
        came = self._news.wait(timeout)
        self._news.clear()
        return came

    def ticket(self, ref: str) -> TicketView:
        raise UnknownTicketError(ref)

    def person(self, username: str) -> Person | None:
        return OPERATOR

    def roster(self) -> Roster:
        return Roster.at(self.now(), CaseRecords({OPERATOR.username: OPERATOR}), ())

    def overdue_steps(self, at: datetime, limit: int = 10) -> list[DueTicket]:
        return []

    def inbox(self, username: str, since: datetime) -> list[InboxEntry]:
        return []

    def notices(self, prefix: str) -> list[DeskNotice]:
        return []

    def close(self) -> None:
        self._news.set()

    def arrive(self, number: int, frame: FrameType | None) -> None:
        """Let a ticket arrive that is more urgent than all others."""
        arrived = len(self._arrived)
        self._arrived.append(self._made(len(self._rows) + arrived, "critical", -DAY - arrived, 2 + arrived))
        self._news.set()

    def _row(self, number: int) -> QueueRow:
        chance = self._chance
        if number < self._urgent:
            return self._made(number, "critical", chance.randrange(-HOUR // 2, HOUR // 2), 1)
        severity = chance.choice(["high", "medium", "low", "change"])
        return self._made(number, severity, chance.randrange(DAY, 60 * DAY), 1)

    def _made(self, number: int, severity: str, due_in: int, seq: int) -> QueueRow:
        """Return a ticket that is due in `due_in` seconds."""
        chance = self._chance
        due = epoch(self._began) + due_in
        started = due - 8 * HOUR
        resolution = ClockProjection(
            kind=ClockKind.RESOLUTION,
            calendar="always",
            target=8 * HOUR,
            allowed=8 * HOUR,
            started_at=started,
            run_from=started,
            elapsed_before_run=0,
            due=due,
            due_soon_at=started + 6 * HOUR,
            at_risk_at=due - 48 * 60,
            breached_at=due + 1,
        )
        response = ClockProjection(
            kind=ClockKind.RESPONSE,
            calendar="always",
            target=HOUR,
            allowed=HOUR,
            started_at=started,
            run_from=started + 60,
            elapsed_before_run=60,
            verdict=State.MET,
            stopped_at=started + 60,
        )
        return QueueRow(
            ref=reference.make(number),
            severity=severity,
            stage="resolution",
            summary=" ".join(chance.choices(WORDS, k=6)),
            organisation=chance.choice(ORGANISATIONS),
            contact="Jo Park",
            channel="email",
            team="user-support",
            owner="ann" if number % 3 else None,
            owner_name="Ann Lee" if number % 3 else "",
            received_at=started,
            waiting="",
            out_of_policy=False,
            page_open=False,
            rung=0,
            policy=self._policy.version,
            response=response,
            resolution=resolution,
            changed_seq=seq,
        )


def main(tickets: int, urgent: int, *, frozen: bool) -> int:
    """Open the console on a long queue; return its exit code."""
    from supportdesk.console.app import Console, run

    desk = LongQueue(tickets, urgent, frozen=frozen)
    signal.signal(signal.SIGRTMIN, desk.arrive)
    api = cast(DeskApi, desk)
    return run(Console(lambda: api, username=OPERATOR.username, name=f"{tickets:,} tickets"))


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2]), frozen="frozen" in sys.argv[3:]))
