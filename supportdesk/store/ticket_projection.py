"""Projects a ticket to its queue row, and converts rows to the columns of the table and back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import msgspec
from sqlalchemy import select

from supportdesk.sla.clocks import ClockProjection, epoch
from supportdesk.sla.policy import Policy
from supportdesk.store import tables
from supportdesk.store.read_models import QueueRow
from supportdesk.tickets.promises import project_resolution, project_response
from supportdesk.tickets.ticket import Stage, Ticket

_tickets = tables.tickets.c
_clock_decoder = msgspec.json.Decoder(ClockProjection)

_STORED_AS = {"organisation": "organisation_name", "contact": "contact_name", "release": "promised_release"}
"""The columns of the table whose names differ from those of their fields in `QueueRow`."""

_alarmed = tables.tickets.alias("alarmed").c
_COMPUTED = {"is_undelivered": _tickets.ref.in_(select(_alarmed.ref).where(tables.MAIL_ALARM))}
"""What is no column of the table: the few tickets with the alarm are read from an index, once for each query."""

ROW_COLUMNS = tuple(
    _COMPUTED[name] if name in _COMPUTED else _tickets[_STORED_AS.get(name, name)]
    for name in QueueRow.__struct_fields__
)
"""The columns that `read_row` reads: one for each field of `QueueRow`, in its order."""


def make_queue_row(
    ticket: Ticket, policy: Policy, changed_seq: int, *, organisation: str, contact: str, owner_name: str
) -> QueueRow:
    """Return the queue row of a ticket, with its clocks projected under its policy version.

    `organisation`, `contact` and `owner_name` are names, not keys.
    """
    return QueueRow(
        ref=ticket.ref,
        severity=ticket.severity,
        stage=ticket.stage.value,
        summary=ticket.summary,
        organisation=organisation,
        contact=contact,
        channel=ticket.channel,
        team=ticket.team,
        owner=ticket.owner,
        owner_name=owner_name,
        received_at=epoch(ticket.received_at),
        waiting=ticket.waiting.on if ticket.waiting else "",
        out_of_policy=bool(ticket.out_of_policy),
        page_open=ticket.page_open,
        rung=ticket.rung,
        policy=ticket.policy,
        response=project_response(policy, ticket),
        resolution=project_resolution(policy, ticket),
        changed_seq=changed_seq,
        paged=tuple(page.person for page in ticket.open_pages if page.person is not None),
        release=ticket.fix.release if ticket.fix else None,
        paged_since=epoch(ticket.open_pages[-1].since) if ticket.page_open else None,
        is_undelivered=bool(ticket.undelivered),
    )


def columns(row: QueueRow, ticket: Ticket, policy: Policy, watch_due: int | None) -> dict[str, Any]:
    """Return the values of the table `tickets`, by column."""
    return {
        "ref": ticket.ref,
        "version": ticket.version,
        "changed_seq": row.changed_seq,
        "in_queue": ticket.stage is not Stage.CLOSED,
        "is_open": ticket.is_open,
        "severity": ticket.severity,
        "severity_rank": policy.rank(ticket.severity),
        "urgency": row.urgency[0],
        "received_at": row.received_at,
        "stage": row.stage,
        "summary": row.summary,
        "organisation": ticket.organisation,
        "organisation_name": row.organisation,
        "contact": ticket.contact,
        "contact_name": row.contact,
        "channel": row.channel,
        "team": row.team,
        "owner": row.owner,
        "owner_name": row.owner_name,
        "waiting": row.waiting,
        "out_of_policy": row.out_of_policy,
        "page_open": row.page_open,
        "paged": " ".join(row.paged) or None,
        "paged_since": row.paged_since,
        "rung": row.rung,
        "policy": row.policy,
        "promised_release": row.release,
        "watch_due": watch_due,
        "response": msgspec.json.encode(row.response).decode(),
        "resolution": msgspec.json.encode(row.resolution).decode(),
        "state": msgspec.json.encode(ticket).decode(),
    }


def _split_names(text: str | None) -> tuple[str, ...]:
    return tuple(text.split(" ")) if text else ()


_CONVERTERS: tuple[tuple[int, Callable[[Any], Any]], ...] = tuple(
    (QueueRow.__struct_fields__.index(name), convert)
    for name, convert in (
        ("response", _clock_decoder.decode),
        ("resolution", _clock_decoder.decode),
        ("paged", _split_names),
        ("is_undelivered", bool),
    )
)
"""The places of the fields that are stored in another form, each with the function that reads it."""


def read_row(row: Sequence[Any]) -> QueueRow:
    """Return the queue row in a result row of `ROW_COLUMNS`."""
    values = list(row)
    for place, convert in _CONVERTERS:
        values[place] = convert(values[place])
    return QueueRow(*values)


def read_state(state: str) -> Ticket:
    """Return the ticket in a value of the column `state`."""
    return _state_decoder().decode(state)


@cache
def _state_decoder() -> msgspec.json.Decoder[Ticket]:
    return msgspec.json.Decoder(Ticket)
