"""The last command on a ticket or by a person, read from the ledger, so that undo works after a restart."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, select

from supportdesk.sla.clocks import epoch
from supportdesk.store import ledger, tables
from supportdesk.store.errors import NewerDataError
from supportdesk.store.ledger import TICKET, StoredEvent
from supportdesk.tickets.decision_context import AppliedCommand
from supportdesk.tickets.events import NOTED_BESIDE, Event, TicketEvent, Undone
from supportdesk.tickets.evolve import build_ticket

_ledger = tables.ledger.c
_FAR_BACK = 50_000
"""How many events are searched for a person's last command; fewer are written while it may be undone."""


def load_last_command(connection: Connection, ref: str) -> AppliedCommand | None:
    """Return the last command on a ticket; None where words of its history were erased.

    Raises NewerDataError where it has an event that only a newer program knows.
    """
    history = list(ledger.read_events(connection, ref=ref))
    if any(each.is_newer for each in history):
        raise NewerDataError(ref)
    return find_last_command(history)


def find_last_command(history: Sequence[StoredEvent]) -> AppliedCommand | None:
    """Return the last command of a ticket's whole history of one event or more; None where words were erased."""
    known = [entry for entry in history if isinstance(entry.event, Event)]
    if len(known) < len(history):
        return None
    last = next(entry for entry in reversed(known) if type(entry.event) not in NOTED_BESIDE)
    known = known[: known.index(last) + 1]
    events: list[TicketEvent] = [each.event for each in known if each.command_id == last.command_id]  # type: ignore[misc]
    begun = len(known) - len(events)
    before = [(each.event, each.at, each.actor) for each in known[:begun] if isinstance(each.event, Event)]
    return AppliedCommand(
        last.actor, last.at, tuple(events), build_ticket(last.ref or "", before) if before else None
    )


def find_last_ticket(connection: Connection, actor: str, since: datetime) -> str | None:
    """Return the ticket with a person's last command since `since` that is not undone; None without one."""
    head = ledger.read_head(connection).seq
    mine = select(_ledger.ref, _ledger.event).where(
        _ledger.seq > head - _FAR_BACK,
        _ledger.subject == TICKET,
        _ledger.actor == actor,
        _ledger.at >= epoch(since),
        _ledger.event.not_in(_NOTED),
    )
    undone: set[str] = set()
    for ref, event in connection.execute(mine.order_by(_ledger.seq.desc())):
        if event == _UNDONE:
            undone.add(ref)
        elif ref not in undone:
            return str(ref)
    return None


_NOTED = [str(each.__struct_config__.tag) for each in NOTED_BESIDE]
_UNDONE = str(Undone.__struct_config__.tag)
