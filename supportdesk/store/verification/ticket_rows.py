"""Reads what is stored about some tickets beside their events: with one query for each table, not for each ticket."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from supportdesk.store import tables
from supportdesk.store.backend import Reader, Row
from supportdesk.store.verification.rows import StoredRow, by_name, group_rows, read_index_rows
from supportdesk.tickets import reference

MOST_TICKETS = 500
"""Tickets that are read at once; see `Reader.rows_among`."""

_TICKET = tuple(column.name for column in tables.tickets.columns)
_STEP = tuple(column.name for column in tables.escalation_steps.columns)
_MESSAGE = tuple(column.name for column in tables.messages.columns)
_DELIVERY = tuple(column.name for column in tables.deliveries.columns)
_FIND_TICKETS = f"SELECT {', '.join(_TICKET)} FROM tickets WHERE ref IN ?"  # noqa: S608 - names of ours
_FIND_STEPS = f"SELECT {', '.join(_STEP)} FROM escalation_steps WHERE ref IN ?"  # noqa: S608 - names of ours
_FIND_MESSAGES = f"SELECT {', '.join(_MESSAGE)} FROM messages WHERE ref"  # noqa: S608 - names of ours
_FIND_DELIVERIES = (
    f"SELECT {', '.join(f'deliveries.{name}' for name in _DELIVERY)}"  # noqa: S608 - names of ours
    # In this order: a file has no statistics by which its deliveries would be found last.
    " FROM messages CROSS JOIN deliveries WHERE deliveries.message = messages.id AND messages.ref"
)


class OutboxRows:
    """The stored messages about some tickets, or about none, by reference, and their deliveries, by message."""

    def __init__(self, reader: Reader, refs: Sequence[str] | None) -> None:
        def find(query: str) -> Iterator[Row]:
            if refs is None:
                return reader.rows(f"{query} IS NULL")
            return reader.rows_among(f"{query} IN ?", refs)

        self.messages = group_rows("ref", _MESSAGE, find(_FIND_MESSAGES))
        self.deliveries = group_rows("message", _DELIVERY, find(_FIND_DELIVERIES)) if self.messages else {}


class TicketRows:
    """The rows of some tickets, by reference, and those of their steps, messages and words."""

    def __init__(self, reader: Reader, refs: Sequence[str]) -> None:
        self.tickets: dict[object, StoredRow] = {
            row["ref"]: row
            for row in (by_name(_TICKET, each) for each in reader.rows_among(_FIND_TICKETS, refs))
        }
        self.steps = group_rows("ref", _STEP, reader.rows_among(_FIND_STEPS, refs))
        self.outbox = OutboxRows(reader, refs)
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
