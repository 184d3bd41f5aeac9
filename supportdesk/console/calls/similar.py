"""Tickets and articles that say the same as the summary of a new request."""

from __future__ import annotations

from dataclasses import dataclass

from supportdesk.console.search.candidate import Candidate
from supportdesk.desk_api import DeskApi
from supportdesk.sla.policy import Policy
from supportdesk.store.read_models import QueueRow

_FEW = 3
"""As many tickets, and as many articles, are worth a look while somebody types."""


@dataclass(frozen=True, slots=True)
class OtherCustomers:
    """A ticket of another customer that says the like of a new request."""

    row: QueueRow


def find_similar(door: DeskApi, policy: Policy, text: str, customer: Candidate | None) -> list[Candidate]:
    """The tickets and the articles that say the like of a summary; it blocks.

    Those of the `customer` come first, then those of others: many who say the same have one incident. None, or a new
    one, has no tickets yet.
    """
    own = door.find_similar(text, customer.key, _FEW) if customer is not None and not customer.new else []
    name = customer.name if customer is not None else ""
    others = [
        row for row in door.find_similar(text, None, 3 * _FEW) if row.is_open and row.organisation != name
    ]
    more = f" · the first of {len(others)}" if len(others) > _FEW else ""
    return [
        *(Candidate(row.ref, row.summary, _stands(row, policy), of=row) for row in own),
        *(
            Candidate(
                row.ref,
                row.summary,
                f"another customer, {row.organisation}{more} · {_stands(row, policy)}",
                of=OtherCustomers(row),
            )
            for row in others[:_FEW]
        ),
        *(
            Candidate(each.key, each.title, f"article {each.key}", of=each)
            for each in door.find_articles(text, _FEW)
        ),
    ]


def _stands(row: QueueRow, policy: Policy) -> str:
    """What a ticket is, for somebody who may be about to log it once more."""
    severities = {each.key: each.name for each in policy.severities}
    told = [row.ref, severities.get(row.severity, row.severity), row.stage, row.owner_name]
    return " · ".join(filter(None, told))
