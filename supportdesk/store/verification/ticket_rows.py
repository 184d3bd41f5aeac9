"""Reads what is stored about some tickets beside their events: with one query for each table, not for each ticket."""

from __future__ import annotations

from collections.abc import Sequence

from supportdesk.store import tables
from supportdesk.store.backend import Reader
from supportdesk.store.verification.rows import GroupedRows, StoredRow, by_name, group_rows, read_index_rows
from supportdesk.tickets import reference

MOST_TICKETS = 500
"""Tickets that are read at once: each is a parameter of a query, and some databases allow few."""

_TICKET = tuple(column.name for column in tables.tickets.columns)
_STEP = tuple(column.name for column in tables.escalation_steps.columns)
_MESSAGE = tuple(column.name for column in tables.messages.columns)
_DELIVERY = tuple(column.name for column in tables.deliveries.columns)
_FIND_TICKETS = f"SELECT {', '.join(_TICKET)} FROM tickets WHERE ref"  # noqa: S608 - names of ours
_FIND_STEPS = f"SELECT {', '.join(_STEP)} FROM escalation_steps WHERE ref"  # noqa: S608 - names of ours
_FIND_MESSAGES = f"SELECT {', '.join(_MESSAGE)} FROM messages WHERE ref"  # noqa: S608 - names of ours
_FIND_DELIVERIES = (
    f"SELECT {', '.join(f'deliveries.{name}' for name in _DELIVERY)}"  # noqa: S608 - names of ours
    # In this order: a file has no statistics by which its deliveries would be found last.
    " FROM messages CROSS JOIN deliveries WHERE deliveries.message = messages.id AND messages.ref"
)


class OutboxRows:
    """The stored messages about some tickets, or about none, and their deliveries."""

    def __init__(self, reader: Reader, condition: str, refs: Sequence[str] = ()) -> None:
        """Read the messages whose reference fulfils a condition in SQL, with `refs` as its parameters."""
        self.messages: GroupedRows = group_rows(
            "ref", _MESSAGE, reader.rows(f"{_FIND_MESSAGES} {condition}", refs)
        )
        self.deliveries: GroupedRows = {}
        if self.messages:
            rows = reader.rows(f"{_FIND_DELIVERIES} {condition}", refs)
            self.deliveries = group_rows("message", _DELIVERY, rows)


class TicketRows:
    """The rows of some tickets, by reference, and those of their steps, messages and words."""

    def __init__(self, reader: Reader, refs: Sequence[str]) -> None:
        condition = f"IN ({', '.join('?' * len(refs))})"
        self.tickets: dict[object, StoredRow] = {
            row["ref"]: row
            for row in (by_name(_TICKET, each) for each in reader.rows(f"{_FIND_TICKETS} {condition}", refs))
        }
        self.steps = group_rows("ref", _STEP, reader.rows(f"{_FIND_STEPS} {condition}", refs))
        self.outbox = OutboxRows(reader, condition, refs)
        self.words = read_index_rows(reader, reader.full_text.ticket_words, _find_numbers(refs))


def _find_numbers(refs: Sequence[str]) -> list[int]:
    """Return the numbers of tickets, without those that can have none."""
    numbers = []
    for ref in refs:
        try:
            numbers.append(reference.number(ref))
        except reference.BadReferenceError:
            continue
    return numbers
