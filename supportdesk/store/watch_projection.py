"""Projects what falls due on tickets as time passes: the column `watch_due`, and the rows of recorded steps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from supportdesk.sla.policy import Policy
from supportdesk.store import ledger, tables
from supportdesk.store.ledger import StoredEvent
from supportdesk.store.ticket_projection import read_state
from supportdesk.tickets.escalation.recorded_steps import make_record
from supportdesk.tickets.escalation.steps import StepRecord
from supportdesk.tickets.events import Event, StepTaken
from supportdesk.tickets.ticket import Ticket
from supportdesk.tickets.watch import TicketWatch, find_watch_due, is_watched, watch_ticket

_tickets = tables.tickets.c
_INSERT_STEP = insert(tables.escalation_steps)
_SET_DUE = (
    update(tables.tickets)
    .where(_tickets.ref == bindparam("of_ref"), _tickets.watch_due.is_distinct_from(bindparam("due")))
    .values(watch_due=bindparam("due"))
)
_QUEUE = select(_tickets.state).where(_tickets.in_queue.is_(True))


def to_history(entries: Iterable[StoredEvent]) -> Iterator[tuple[Event | None, datetime, str]]:
    """Yield the events of a ticket with their instants and actors; None for an erased one."""
    for each in entries:
        yield (each.event if isinstance(each.event, Event) else None, each.at, each.actor)


def load_watch(connection: Connection, ticket: Ticket, policies: Mapping[str, Policy]) -> TicketWatch:
    """Return what the ticket's stored history says of the passing of time."""
    return watch_ticket(policies, ticket, ledger.read_history(connection, ticket.ref))


def compute_watch_due(
    ticket: Ticket, policies: Mapping[str, Policy], history: Iterable[tuple[Event | None, datetime, str]]
) -> int | None:
    """Return the value of `watch_due` for a ticket with its whole history of (event, instant, actor)."""
    if not is_watched(policies[ticket.policy], ticket):
        return None
    return find_watch_due(watch_ticket(policies, ticket, history))


def load_watch_due(
    connection: Connection,
    ticket: Ticket,
    policies: Mapping[str, Policy],
    new: Iterable[tuple[Event | None, datetime, str]] = (),
) -> int | None:
    """Return the value of `watch_due` for a ticket, whose `new` events are not in the ledger yet."""
    if not is_watched(policies[ticket.policy], ticket):
        return None
    history = ledger.read_history(connection, ticket.ref)
    return find_watch_due(watch_ticket(policies, ticket, [*history, *new]))


def save_watch_due(connection: Connection, tickets: Iterable[Ticket], policies: Mapping[str, Policy]) -> None:
    """Write `watch_due` again where it changed, without waking anybody who shows the tickets."""
    rows = [{"of_ref": each.ref, "due": load_watch_due(connection, each, policies)} for each in tickets]
    if rows:
        connection.execute(_SET_DUE, rows)


def rebuild_watch_due(connection: Connection, policies: Mapping[str, Policy]) -> None:
    """Fill `watch_due` of every ticket that is not closed, after a migration.

    Where a history cannot be followed nothing falls due; `verify` says so.
    """
    rows = []
    for state in connection.execute(_QUEUE).scalars().all():
        ticket = read_state(state)
        try:
            due = load_watch_due(connection, ticket, policies)
        except (ValueError, LookupError, TypeError, AssertionError):
            continue
        if due is not None:
            rows.append({"of_ref": ticket.ref, "due": due})
    if rows:
        connection.execute(_SET_DUE, rows)


def step_row(record: StepRecord, seq: int) -> dict[str, Any]:
    """Return the row of a step that the event number `seq` recorded."""
    return {
        **record.key._asdict(),
        "outcome": record.outcome.value,
        "due": record.due,
        "at": record.at,
        "action": record.action,
        "people": " ".join(record.people),
        "reason": record.reason,
        "late": record.late,
        "seq": seq,
    }


def save_steps(connection: Connection, events: Iterable[tuple[int, str, Event, int]]) -> None:
    """Save the steps among the new events, each as (number, reference, event, instant in UTC epoch seconds).

    Its key makes a step fire once, however many record it: a second row with the same key is refused by the database.
    """
    rows = [
        step_row(make_record(ref, event, at), seq)
        for seq, ref, event, at in events
        if isinstance(event, StepTaken)
    ]
    if rows:
        connection.execute(_INSERT_STEP, rows)
