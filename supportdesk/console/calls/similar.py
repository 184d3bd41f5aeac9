"""Tickets and articles similar to the summary of a new request."""

from __future__ import annotations

import msgspec

from supportdesk.console.search.candidate import Candidate
from supportdesk.desk_api import Searches
from supportdesk.sla.policy import Policy
from supportdesk.store.read_models import QueueRow

_FEW = 3
"""The most tickets, and the most articles, shown while a summary is typed."""


class OtherCustomersTicket(msgspec.Struct, frozen=True):
    """The row of one similar ticket, of another customer than the caller's."""

    row: QueueRow


def find_similar(desk: Searches, policy: Policy, text: str, customer: Candidate | None) -> list[Candidate]:
    """Return the tickets and articles similar to `text`. Blocks.

    Those of the `customer` come first, then those of others, who may be affected by the same incident. A new customer
    (or None) has no tickets yet.
    """
    own = desk.find_similar(text, customer.key, _FEW) if customer is not None and not customer.new else []
    name = customer.name if customer is not None else ""
    others = [
        row for row in desk.find_similar(text, None, 3 * _FEW) if row.is_open and row.organisation != name
    ]
    more = f" · the first of {len(others)}" if len(others) > _FEW else ""
    return [
        *(Candidate(row.ref, row.summary, _ticket_note(row, policy), record=row) for row in own),
        *(
            Candidate(
                row.ref,
                row.summary,
                f"another customer: {row.organisation}{more} · {_ticket_note(row, policy)}",
                record=OtherCustomersTicket(row),
            )
            for row in others[:_FEW]
        ),
        *(
            Candidate(each.key, each.title, f"article {each.key}", record=each)
            for each in desk.find_articles(text, _FEW)
        ),
    ]


def _ticket_note(row: QueueRow, policy: Policy) -> str:
    """Return reference, severity, stage and owner of a ticket in one line."""
    severities = {each.key: each.name for each in policy.severities}
    parts = [row.ref, severities.get(row.severity, row.severity), row.stage, row.owner_name]
    return " · ".join(filter(None, parts))
