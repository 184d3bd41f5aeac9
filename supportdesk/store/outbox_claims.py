"""Claims what is due in the outbox, so that of several senders one sends it.

A claim expires, as its holder may have been killed; then the message is sent again with the same identity. Everything
here is read and written in the caller's transaction, never while a message is on its way.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, and_, func, or_, select, update

from supportdesk.store import tables
from supportdesk.store.outbox_models import OutgoingMessage, Shipment
from supportdesk.store.reference_data import ReferenceData
from supportdesk.tickets.outbox.delivery import DeliveryState
from supportdesk.tickets.outbox.pacing import CLAIM_LENGTH, HOUR, SPACING, find_free
from supportdesk.tickets.outbox.plan import LIMIT

STALE_AFTER = 24 * HOUR
"""Seconds after which what should have been sent helps nobody any more."""

CLOCK_TOLERANCE = 60
"""A message that was made more seconds later than now shows that the clock was set back; an urgent one is due then."""

_FEW = 200
"""How many due deliveries are looked at in one transaction."""

_messages, _deliveries, _tickets = tables.messages.c, tables.deliveries.c, tables.tickets.c
_WAITING = _deliveries.state == DeliveryState.WAITING.value
_SELECTED = (
    select(
        tables.deliveries,
        _messages.ref,
        _messages.person,
        _messages.kind,
        _messages.at,
        _messages.text,
        _tickets.in_queue,
        _tickets.paged,
        _tickets.severity,
        _tickets.policy,
        _tickets.organisation_name,
        _tickets.summary,
    )
    .join(tables.messages, _messages.id == _deliveries.message)
    .outerjoin(tables.tickets, _tickets.ref == _messages.ref)
)


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
    mine = and_(_WAITING, _deliveries.method.in_(sorted(methods)))
    due: int | None = connection.execute(
        select(func.min(_deliveries.due_at)).where(mine, _is_free(now))
    ).scalar()
    later = select(_deliveries.id).join(tables.messages, _messages.id == _deliveries.message)
    ahead = later.where(mine, _is_free(now), _is_ahead(now)).limit(1)
    return now if due is not None and due > now and connection.execute(ahead).first() else due


def claim(connection: Connection, data: ReferenceData, claimant: Claimant) -> list[Shipment]:
    """Claim what is due and return it, what is urgent first. What is no longer wanted is cancelled.

    What is urgent goes alone. Of the rest, each address gets one shipment with everything that is due, unless it just
    had one or had many; then all of it is held back until it may have another.
    """
    shipments: list[Shipment] = []
    room = {method: list(numbers) for method, numbers in claimant.room.items()}
    busy: set[tuple[str, str]] = set()
    for row in _select_due(connection, claimant):
        method, address = row["method"], (row["method"], row["target"])
        if address in busy or not room[method][0 if row["urgent"] else 1]:
            continue
        reason = _why_unwanted(row, claimant.now)
        if reason is not None:
            _cancel(connection, row["id"], reason)
        elif row["urgent"]:
            room[method][0] -= 1
            shipments.append(_take(connection, data, claimant, [row]))
        else:
            busy.add(address)
            rows = _take_turn(connection, claimant, address)
            if rows:
                room[method][1] -= 1
                shipments.append(_take(connection, data, claimant, rows))
    return shipments


def is_wanted(connection: Connection, delivery: str, now: int) -> bool:
    """Return whether a delivery that was claimed is still to be sent: nobody has responded meanwhile."""
    row = connection.execute(_SELECTED.where(_deliveries.id == delivery)).mappings().one_or_none()
    waits = row is not None and row["state"] == DeliveryState.WAITING.value
    return waits and _why_unwanted(dict(row or {}), now) is None


def release(connection: Connection, holder: str, deliveries: Iterable[str]) -> None:
    """Give up the claims on deliveries, which the next claim then cancels or sends."""
    mine = and_(_deliveries.id.in_(sorted(deliveries)), _deliveries.claimed_by == holder)
    connection.execute(update(tables.deliveries).where(mine).values(claimed_by=None, claimed_until=None))


def renew(connection: Connection, holder: str, deliveries: Iterable[str], now: int) -> None:
    """Renew the claims on deliveries that are still on their way."""
    mine = and_(_deliveries.id.in_(sorted(deliveries)), _deliveries.claimed_by == holder)
    connection.execute(update(tables.deliveries).where(mine).values(claimed_until=now + CLAIM_LENGTH))


def _is_free(now: int) -> ColumnElement[bool]:
    """Return the condition for what nobody is sending; a claim from the future was made before the clock was set."""
    until = _deliveries.claimed_until
    return or_(until.is_(None), until <= now, until > now + CLAIM_LENGTH)


def _is_ahead(now: int) -> ColumnElement[bool]:
    return and_(_messages.urgent.is_(True), _messages.at > now + CLOCK_TOLERANCE)


def _select_due(connection: Connection, claimant: Claimant) -> list[dict[str, Any]]:
    now = claimant.now
    query = (
        _SELECTED.where(
            _WAITING,
            _deliveries.method.in_(sorted(claimant.room)),
            or_(_deliveries.due_at <= now, _is_ahead(now)),
            or_(_is_free(now), _deliveries.claimed_by == claimant.holder),
        )
        .order_by(_deliveries.urgent.desc(), _deliveries.due_at, _deliveries.id)
        .limit(_FEW + len(claimant.in_flight))
    )
    rows = [dict(row) for row in connection.execute(query).mappings()]
    return [row for row in rows if row["id"] not in claimant.in_flight]


def _take_turn(connection: Connection, claimant: Claimant, address: tuple[str, str]) -> list[dict[str, Any]]:
    """Return everything that an address may have now in one shipment; nothing where it was held back."""
    now = claimant.now
    here = and_(_deliveries.method == address[0], _deliveries.target == address[1])
    counted = select(_deliveries.tried_at).where(
        here, _deliveries.tried_at > now - HOUR, _deliveries.bundled.is_(False)
    )
    sent = sorted(connection.execute(counted).scalars())
    under_way = select(_deliveries.id).where(
        here, _WAITING, _deliveries.claimed_until > now, _deliveries.claimed_until <= now + CLAIM_LENGTH
    )
    ours = set(connection.execute(under_way).scalars())
    free = now + SPACING if ours - _stale_own(connection, claimant, ours) else find_free(sent, now)
    mine = and_(here, _WAITING, _deliveries.urgent.is_(False), _deliveries.due_at <= now)
    if free > now:
        held = update(tables.deliveries).where(mine, _is_free(now)).values(due_at=free, held=LIMIT)
        connection.execute(held)
        return []
    wanted: list[dict[str, Any]] = []
    for row in connection.execute(
        _SELECTED.where(mine).order_by(_deliveries.due_at, _deliveries.id)
    ).mappings():
        reason = _why_unwanted(dict(row), now)
        if reason is None:
            wanted.append(dict(row))
        else:
            _cancel(connection, row["id"], reason)
    return wanted


def _stale_own(connection: Connection, claimant: Claimant, under_way: set[str]) -> set[str]:
    """Return the claims of this holder that it knows nothing of: their transaction was run a second time."""
    query = select(_deliveries.id).where(
        _deliveries.id.in_(sorted(under_way)), _deliveries.claimed_by == claimant.holder
    )
    return set(connection.execute(query).scalars()) - set(claimant.in_flight)


def _why_unwanted(row: Mapping[str, Any], now: int) -> str | None:
    """Return why a delivery is no longer to be sent; None where it is."""
    if row["ref"] is not None:
        if not row["in_queue"]:
            return "the ticket is closed"
        if row["kind"] == "page" and row["person"] not in (row["paged"] or "").split(" "):
            return "the page was acknowledged"
    if row["due_at"] is not None and now - row["due_at"] > STALE_AFTER:
        return "too old to help"
    return None


def _cancel(connection: Connection, delivery: str, reason: str) -> None:
    values = {"state": DeliveryState.CANCELLED.value, "due_at": None, "held": "", "detail": reason}
    connection.execute(
        update(tables.deliveries)
        .where(_deliveries.id == delivery)
        .values(**values, claimed_by=None, claimed_until=None)
    )


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
        person_name=data.name(row["person"]),
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
