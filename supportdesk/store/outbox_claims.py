"""Claims what is due in the outbox, so that of several senders one sends it.

A claim expires, as its holder may have been killed; then the message is sent again with the same identity. Everything
here is read and written in the caller's transaction, never while a message is on its way.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, and_, func, not_, or_, select, update

from supportdesk.store import tables
from supportdesk.store.outbox_models import OutgoingMessage, Shipment
from supportdesk.store.outbox_wanted import (
    DELIVERIES,
    STALE_AFTER,
    TOO_OLD,
    find_name,
    find_reason_against,
    is_free,
    make_cancelled,
)
from supportdesk.store.reference_data import ReferenceData
from supportdesk.tickets.documents import MAIL, NOTICE
from supportdesk.tickets.outbox.customer_mail import CUSTOMER_MAIL
from supportdesk.tickets.outbox.delivery import DeliveryState
from supportdesk.tickets.outbox.pacing import (
    AT_ONE_ADDRESS,
    CLAIM_LENGTH,
    HOUR,
    LONGEST_DELAYS,
    SPACING,
    find_free,
)
from supportdesk.tickets.outbox.plan import LIMIT

CLOCK_TOLERANCE = 60
"""What was made, or tried, more seconds later than now shows that the clock was set back."""

_FEW = 200
"""How many due deliveries are read at a time."""

_messages, _deliveries, _tickets = tables.messages.c, tables.deliveries.c, tables.tickets.c
# A range of due times is given wherever it can be: then the index leaves out all that waits no longer.
_WAITING = _deliveries.state == DeliveryState.WAITING.value


class Claimant(msgspec.Struct, frozen=True):
    """Who claims at `now`, in UTC epoch seconds, and what for: by method, how many urgent shipments and others.

    `in_flight` are the deliveries that it is sending already.
    """

    holder: str
    now: int
    room: Mapping[str, tuple[int, int]]
    in_flight: frozenset[str] = frozenset()


def find_next_due(connection: Connection, methods: Iterable[str], now: int) -> int | None:
    """Return when the next delivery by one of the methods is due, in UTC epoch seconds; None where none waits.

    What somebody is sending is not among them until their claim expires.
    """
    mine = and_(_WAITING, _deliveries.method.in_(sorted(methods)), is_free(now))
    due: int | None = connection.execute(
        select(func.min(_deliveries.due_at)).where(mine, _deliveries.due_at >= 0)
    ).scalar()
    if due is None or due <= now:
        return due
    ahead = select(_deliveries.id).where(mine, _deliveries.due_at >= 0, _is_ahead(connection, now))
    return now if connection.execute(ahead.limit(1)).first() else due


def claim(connection: Connection, data: ReferenceData, claimant: Claimant) -> list[Shipment]:
    """Claim what is due and return it, what is urgent first. What is no longer wanted is cancelled.

    What is urgent goes alone, a few to an address at a time. Mail to customers goes alone as well, one at a time to an
    address, so that it arrives in the order in which it was planned. Of the rest, each address gets one shipment with
    everything that is due, unless it just had one or had many; then all of it is held back until it may have another.
    """
    _cancel_stale(connection, claimant)
    shipments: list[Shipment] = []
    for method, (urgent, others) in claimant.room.items():
        if method == CUSTOMER_MAIL:
            shipments += _claim_mail(connection, data, claimant, others)
            continue
        shipments += _claim_urgent(connection, data, claimant, method, urgent)
        shipments += _claim_others(connection, data, claimant, method, others)
    return sorted(shipments, key=lambda shipment: (not shipment.first.urgent, shipment.first.at))


def _claim_mail(
    connection: Connection, data: ReferenceData, claimant: Claimant, room: int
) -> Iterator[Shipment]:
    under_way = select(_deliveries.target).where(
        _deliveries.method == CUSTOMER_MAIL, _WAITING, _deliveries.due_at >= 0, not_(is_free(claimant.now))
    )
    busy = set(connection.execute(under_way).scalars())
    for row in _iterate_due(connection, claimant, CUSTOMER_MAIL, busy, urgent=False):
        if not room:
            return
        if row["target"] not in busy:
            room -= 1
            busy.add(row["target"])
            yield _take(connection, data, claimant, [row])


def _claim_urgent(
    connection: Connection, data: ReferenceData, claimant: Claimant, method: str, room: int
) -> Iterator[Shipment]:
    sending = _count_urgent(connection, claimant, method)
    full = {target for target, number in sending.items() if number >= AT_ONE_ADDRESS}
    for row in _iterate_due(connection, claimant, method, full, urgent=True):
        if not room:
            return
        target = row["target"]
        if target not in full and _is_wanted_now(connection, row, claimant.now):
            room -= 1
            sending[target] += 1
            if sending[target] == AT_ONE_ADDRESS:
                full.add(target)
            yield _take(connection, data, claimant, [row])


def _count_urgent(connection: Connection, claimant: Claimant, method: str) -> Counter[str]:
    """Return how many urgent deliveries the claimant is sending to each address of a method."""
    if not claimant.in_flight:
        return Counter()
    query = select(_deliveries.target, _deliveries.method, _deliveries.urgent)
    rows = connection.execute(query.where(_deliveries.id.in_(sorted(claimant.in_flight))))
    return Counter(row.target for row in rows if row.method == method and row.urgent)


def _claim_others(
    connection: Connection, data: ReferenceData, claimant: Claimant, method: str, room: int
) -> Iterator[Shipment]:
    seen: set[str] = set()
    for row in _iterate_due(connection, claimant, method, urgent=False):
        if not room:
            return
        if row["target"] in seen or not _is_wanted_now(connection, row, claimant.now):
            continue
        seen.add(row["target"])
        rows = _take_turn(connection, claimant, (method, row["target"]))
        if rows:
            room -= 1
            yield _take(connection, data, claimant, rows)


def is_wanted(connection: Connection, delivery: str, now: int) -> bool:
    """Return whether a delivery that was claimed is still to be sent: nobody has responded meanwhile."""
    row = connection.execute(DELIVERIES.where(_deliveries.id == delivery)).mappings().one_or_none()
    waits = row is not None and row["state"] == DeliveryState.WAITING.value
    return waits and find_reason_against(dict(row or {}), now) is None


def release(connection: Connection, holder: str, deliveries: Iterable[str]) -> None:
    """Give up the claims on deliveries, which the next claim then cancels or sends."""
    mine = and_(_deliveries.id.in_(sorted(deliveries)), _deliveries.claimed_by == holder)
    connection.execute(update(tables.deliveries).where(mine).values(claimed_by=None, claimed_until=None))


def renew(connection: Connection, holder: str, deliveries: Iterable[str], now: int) -> None:
    """Renew the claims on deliveries that are still on their way."""
    mine = and_(_deliveries.id.in_(sorted(deliveries)), _deliveries.claimed_by == holder)
    connection.execute(update(tables.deliveries).where(mine).values(claimed_until=now + CLAIM_LENGTH))


def _is_ahead(connection: Connection, now: int) -> ColumnElement[bool]:
    """Return the condition for what is due although its time is to come, as the clock was set back since.

    That is what is urgent and mail to customers, before the first attempt if it was made later than now, and after one
    if it waits for longer than it ever does.
    """
    ahead: list[ColumnElement[bool]] = [
        and_(
            _deliveries.attempts > 0,
            condition,
            _deliveries.due_at > now + LONGEST_DELAYS[urgent] + CLOCK_TOLERANCE,
        )
        for urgent, condition in (
            (True, _deliveries.urgent.is_(True)),
            (False, _deliveries.method == CUSTOMER_MAIL),
        )
    ]
    matters = or_(_messages.urgent.is_(True), _messages.kind == MAIL)
    made_later = and_(
        _WAITING,
        _deliveries.attempts == 0,
        _deliveries.due_at > now,
        _messages.at > now + CLOCK_TOLERANCE,
        matters,
    )
    query = (
        select(_deliveries.id).join(tables.messages, _messages.id == _deliveries.message).where(made_later)
    )
    if new := list(connection.execute(query.order_by(_messages.seq).limit(_FEW)).scalars()):
        ahead.append(_deliveries.id.in_(new))
    return or_(*ahead)


def _iterate_due(
    connection: Connection,
    claimant: Claimant,
    method: str,
    full: AbstractSet[str] = frozenset(),
    *,
    urgent: bool,
) -> Iterator[dict[str, Any]]:
    """Yield what is due by a method, a few at a time: who reads it claims, cancels or holds back each of them.

    What is for the addresses that are `full`, to which the reader may add, is left out, perhaps not at once.
    """
    now, seen = claimant.now, set(claimant.in_flight)
    due: ColumnElement[bool] = _deliveries.due_at <= now
    if urgent or method == CUSTOMER_MAIL:
        due = or_(due, _is_ahead(connection, now))
    # Customers read mail in the order in which it was written, also where a clock was fast meanwhile.
    order = (_messages.seq,) if method == CUSTOMER_MAIL else (_deliveries.due_at, _messages.seq)
    query = (
        DELIVERIES.where(
            _WAITING,
            _deliveries.method == method,
            _deliveries.urgent.is_(urgent),
            _deliveries.due_at >= 0,
            due,
            is_free(now),
        )
        .order_by(*order, _deliveries.id)
        .limit(_FEW + len(claimant.in_flight))
    )
    while True:
        page = query.where(_deliveries.target.not_in(sorted(full))) if full else query
        rows = [dict(row) for row in connection.execute(page).mappings() if row["id"] not in seen]
        if not rows:
            return
        seen.update(row["id"] for row in rows)
        yield from rows


def _is_wanted_now(connection: Connection, row: Mapping[Any, Any], now: int) -> bool:
    """Return whether a delivery is still to be sent; one that is not is cancelled."""
    reason = find_reason_against(row, now)
    if reason is not None:
        _cancel(connection, row["id"], reason)
    return reason is None


def _cancel_stale(connection: Connection, claimant: Claimant) -> None:
    """Cancel what is too old to help, all at once: there may be much of it."""
    stale = and_(
        _WAITING,
        _deliveries.method.in_(sorted(claimant.room.keys() - {CUSTOMER_MAIL})),
        _deliveries.due_at.between(0, claimant.now - STALE_AFTER - 1),
        is_free(claimant.now),
    )
    connection.execute(update(tables.deliveries).where(stale).values(make_cancelled(TOO_OLD)))


def _take_turn(connection: Connection, claimant: Claimant, address: tuple[str, str]) -> list[dict[str, Any]]:
    """Return everything that an address may have now in one shipment; nothing where it was held back."""
    now = claimant.now
    here = and_(
        _deliveries.method == address[0],
        _deliveries.target == address[1],
        _deliveries.urgent.is_(False),
    )
    counted = select(_deliveries.tried_at).where(
        here, _deliveries.tried_at > now - HOUR, _deliveries.bundled.is_(False)
    )
    sent = sorted(connection.execute(counted).scalars())
    under_way = select(_deliveries.id).where(
        here, _WAITING, _deliveries.claimed_until > now, _deliveries.claimed_until <= now + CLAIM_LENGTH
    )
    is_busy = connection.execute(under_way.limit(1)).first() is not None
    free = now + SPACING if is_busy else find_free(sent, now)
    mine = and_(here, _WAITING, _deliveries.due_at.between(0, now))
    if free > now:
        held = update(tables.deliveries).where(mine, is_free(now)).values(due_at=free, held=LIMIT)
        connection.execute(held)
        return []
    rows = (
        connection.execute(DELIVERIES.where(mine).order_by(_deliveries.due_at, _deliveries.id))
        .mappings()
        .all()
    )
    wanted = [dict(row) for row in rows if _is_wanted_now(connection, row, now)]
    # What asks for an acknowledgement comes first: the rest is only listed.
    return sorted(wanted, key=lambda row: bool(row["kind"] == NOTICE))


def _cancel(connection: Connection, delivery: str, reason: str) -> None:
    this = _deliveries.id == delivery
    connection.execute(update(tables.deliveries).where(this).values(make_cancelled(reason)))


def _take(
    connection: Connection, data: ReferenceData, claimant: Claimant, rows: list[dict[str, Any]]
) -> Shipment:
    until = claimant.now + CLAIM_LENGTH
    for row in rows:
        connection.execute(
            update(tables.deliveries)
            .where(_deliveries.id == row["id"])
            .values(claimed_by=claimant.holder, claimed_until=until)
        )
    first, *others = (_to_message(row, data) for row in rows)
    return Shipment(first, tuple(others))


def _to_message(row: Mapping[str, Any], data: ReferenceData) -> OutgoingMessage:
    about_ticket = row["ref"] is not None
    return OutgoingMessage(
        id=row["id"],
        message=row["message"],
        ref=row["ref"],
        kind=row["kind"],
        person=row["person"],
        person_name=find_name(row, data),
        method=row["method"],
        target=row["target"],
        urgent=row["urgent"],
        attempts=row["attempts"],
        at=row["at"],
        text=row["text"],
        severity=data.policies[row["policy"]].severity(row["severity"]).name if about_ticket else "",
        company=row["organisation_name"] if about_ticket else "",
        summary=row["summary"] if about_ticket else "",
    )
