"""What the lists of the outbox, the intake, the voicemails and an inbox cost on a desk with much mail behind it.

Two desks have the same 30 days, and behind them a few thousand messages or 200,000 of two years, of those that went
out and of those that arrived. Costs are the processor's time, of the program and of the server; each query is given in
turns on both, and the median of the rounds counts. The counts of all that is listed have to read it.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing
from datetime import timedelta
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

import msgspec
import psycopg
from sqlalchemy import Connection, func, insert, select

from supportdesk.clock import FixedClock
from supportdesk.desk import Desk
from supportdesk.sla.clocks import epoch, instant
from supportdesk.store import payloads, tables
from supportdesk.tickets.events import CustomerWrote, MailUndelivered
from supportdesk.tickets.incoming_message import MAIL_WAITS, UNSETTLED, IncomingMessage, MessageState
from supportdesk.tickets.outbox.customer_mail import CUSTOMER_MAIL
from supportdesk.tickets.outbox.delivery import DeliveryState
from supportdesk.tickets.outbox.entry import Fate
from tests import databases
from tests.bench.scale import processor_time
from tests.postgres import shared_server
from tests.store.desks import address_of, database_of, furnished
from tests.tickets.scenario import MONDAY_NINE

FEW, MANY = 2_000, 200_000
"""The messages behind the last 30 days."""
RECENT, WAITING = 5_000, 50
"""The messages of the last 30 days, and how many of each kind wait."""
ROUNDS = 9

_NOW, _DAY = epoch(MONDAY_NINE), 86_400
_MONTH, _YEARS = 30 * _DAY, 730 * _DAY
_PART = 10_000
"""How many are written in one transaction."""
_SETTLED = [each for each in MessageState if each not in UNSETTLED]
_SENT = [each.value for each in DeliveryState if each is not DeliveryState.WAITING]

QUERIES: Mapping[str, Callable[[Desk], object]] = {
    "outbox: counts": lambda desk: desk.count_deliveries(),
    "outbox: newest": lambda desk: desk.deliveries(),
    **{f"outbox: {fate}": partial(lambda desk, fate: desk.deliveries(fate=fate), fate=fate) for fate in Fate},
    "outbox: waits or failed": lambda desk: desk.outbox(),
    "outbox: next due": lambda desk: desk.next_delivery_due([CUSTOMER_MAIL]),
    "intake: counts": lambda desk: desk.count_incoming(),
    "intake: how many wait": lambda desk: desk.count_incoming(states=MAIL_WAITS),
    "intake: waiting": lambda desk: desk.incoming_messages(states=MAIL_WAITS),
    "intake: newest": lambda desk: desk.incoming_messages(),
    "intake: bounces": lambda desk: desk.incoming_messages(states=(MessageState.BOUNCE,)),
    "voicemails": lambda desk: desk.waiting_voicemails(),
    "inbox": lambda desk: desk.inbox("ann", MONDAY_NINE - timedelta(days=14)),
}


def report() -> str:
    """Return the costs of each query on both desks, and their ratio, on both kinds of database."""
    kinds = [kind for kind in databases.KINDS if kind != databases.POSTGRES or shared_server() is not None]
    lines = [f"{'':<26}{FEW + RECENT:>10,}{MANY + RECENT:>12,}   ratio"]
    for kind in kinds:
        with databases.use(kind), tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
            desks = [
                stack.enter_context(closing(_make_desk(Path(folder, str(behind)), behind)))
                for behind in (FEW, MANY)
            ]
            lines += [kind, *_cost_lines(desks)]
    return "\n".join(lines)


def _cost_lines(desks: list[Desk]) -> Iterator[str]:
    for name, query in QUERIES.items():
        costs: list[list[float]] = [[] for _ in desks]
        for _ in range(ROUNDS):
            for desk, spent in zip(desks, costs, strict=True):
                began = processor_time()
                query(desk)
                spent.append(processor_time() - began)
        few, many = (median(each) * 1000 for each in costs)
        yield f"  {name:<24}{few:>7.2f} ms{many:>9.2f} ms{many / few:>8.2f}"


def _make_desk(folder: Path, behind: int) -> Desk:
    """Return a desk on which so many messages are older than 30 days."""
    folder.mkdir()
    desk = Desk.open(furnished(folder), FixedClock(MONDAY_NINE))
    for first in range(0, behind, _PART):
        ages = {
            number: _MONTH + 1 + (number - first) * _YEARS // _PART for number in range(first, first + _PART)
        }
        _add(desk, {number: age for number, age in ages.items() if number < behind})
    _add(desk, {behind + place: place * (_MONTH - _DAY) // RECENT for place in range(RECENT)}, WAITING)
    if databases.chosen_kind() == databases.POSTGRES:
        with psycopg.connect(address_of(desk).replace("+psycopg", ""), autocommit=True) as server:
            server.execute("VACUUM ANALYZE")
    return desk


def _add(desk: Desk, ages: Mapping[int, int], waiting: int = 0) -> None:
    """Add messages by their numbers, with their ages in seconds; the first ones wait."""

    def work(connection: Connection) -> None:
        numbers = list(ages)
        digests = {number: hashlib.sha256(str(number).encode()).hexdigest() for number in numbers}
        times = {number: _NOW - age for number, age in ages.items()}
        wait = set(numbers[:waiting])
        last = connection.execute(select(func.max(tables.ledger.c.seq))).scalar_one()
        for table, rows in (
            (tables.messages, [_message(each, times[each], digests[each]) for each in numbers]),
            (
                tables.deliveries,
                [_delivery(each, times[each], digests[each], waits=each in wait) for each in numbers],
            ),
            (
                tables.incoming_messages,
                [_arrival(each, times[each], digests[each], waits=each in wait) for each in numbers],
            ),
            (tables.ledger, [_event(last + 1, each, times[each], digests[each]) for each in numbers[::20]]),
        ):
            connection.execute(insert(table), rows)

    database_of(desk).write(work)


def _message(number: int, at: int, digest: str) -> dict[str, Any]:
    about = {"seq": number, "ref": None, "person": "jo", "kind": "mail", "text": "receipt"}
    return {**about, "id": digest, "at": at, "urgent": False, "hand_off_due": None}


def _delivery(number: int, at: int, digest: str, *, waits: bool) -> dict[str, Any]:
    """Return a delivery, of which most have arrived."""
    rare = number % 100 < len(_SENT)
    state = _SENT[number % 100] if rare else DeliveryState.DELIVERED.value
    return {
        "id": digest,
        "message": digest,
        "place": 0,
        "method": CUSTOMER_MAIL,
        "urgent": False,
        "target": f"{number % 500}@acme.example",
        "held": "",
        "attempts": 1,
        "bundled": False,
        "detail": "250 queued",
        "claimed_by": None,
        "claimed_until": None,
        "tried_at": at,
        "state": DeliveryState.WAITING.value if waits else state,
        "due_at": at if waits else None,
    }


def _arrival(number: int, at: int, digest: str, *, waits: bool) -> dict[str, Any]:
    waiting = (MessageState.QUARANTINE, MessageState.NOT_HEARD)[number % 2]
    message = IncomingMessage(
        digest[:16],
        "support",
        waiting if waits else _SETTLED[number % len(_SETTLED)],
        instant(at),
        content_digest=digest,
        subject="Export stops half-way",
    )
    return {
        "key": message.key,
        "source": message.source,
        "state": message.state.value,
        "received_at": at,
        "message_id": f"<{number}@acme.example>",
        "content_digest": digest,
        "ref": None,
        "contact": None,
        "document": msgspec.json.encode(message).decode(),
        "changed_seq": number,
    }


def _event(after: int, number: int, at: int, digest: str) -> dict[str, Any]:
    """Return an event that an inbox looks for; the chain is not continued."""
    event = (
        MailUndelivered(digest, "reply", "jo", "Jo Park", "550 no", bounced=True, owner="sam")
        if number % 100 == 0
        else CustomerWrote("jo", "Jo Park", "It hangs again.", owner="sam")
    )
    return {
        "seq": after + number,
        "at": at,
        "subject": "ticket",
        "ref": f"CD-{number}",
        "version": 1,
        "actor": "watcher",
        "event": str(type(event).__struct_config__.tag),
        "salt": "",
        "payload": payloads.encode(event),
        "payload_digest": digest,
        "previous": digest,
        "hash": digest,
        "command_id": digest,
    }
