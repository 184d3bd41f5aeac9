"""The previous values of the fields that a command changed, which undo restores."""

from __future__ import annotations

from datetime import datetime

import msgspec
from msgspec import UNSET, UnsetType
from msgspec.structs import replace

from supportdesk.sla.clocks import Basis, Verdict
from supportdesk.tickets.ticket import Fix, Page, ResolvedPeriod, Stage, Ticket, WaitPeriod


class PreviousValues(msgspec.Struct, frozen=True, omit_defaults=True):
    """A ticket's fields, as in `Ticket`, before a command; those that it did not change are unset.

    Only fields that can be restored are included: a reply to the customer, for example, cannot be undone.
    """

    stage: Stage | UnsetType = UNSET
    team: str | UnsetType = UNSET
    owner: str | UnsetType | None = UNSET
    owned_since: datetime | UnsetType | None = UNSET
    accepted: bool | UnsetType = UNSET
    severity: str | UnsetType = UNSET
    response: Basis | UnsetType = UNSET
    resolution: Basis | UnsetType = UNSET
    response_verdict: Verdict | UnsetType | None = UNSET
    resolution_verdict: Verdict | UnsetType | None = UNSET
    first_resolution: Verdict | UnsetType | None = UNSET
    first_basis: Basis | UnsetType | None = UNSET
    waits: tuple[WaitPeriod, ...] | UnsetType = UNSET
    stood: tuple[ResolvedPeriod, ...] | UnsetType = UNSET
    rung: int | UnsetType = UNSET
    escalations: int | UnsetType = UNSET
    page: Page | UnsetType | None = UNSET
    earlier_pages: tuple[Page, ...] | UnsetType = UNSET
    fix: Fix | UnsetType | None = UNSET
    articles: tuple[str, ...] | UnsetType = UNSET
    resolved_how: str | UnsetType | None = UNSET
    reopens: int | UnsetType = UNSET
    closed_as: str | UnsetType | None = UNSET


def find_previous_values(before: Ticket, after: Ticket) -> PreviousValues:
    """Return the values of `before` that differ from those of `after`."""
    fields = PreviousValues.__struct_fields__
    return PreviousValues(
        **{name: getattr(before, name) for name in fields if getattr(before, name) != getattr(after, name)}
    )


def with_previous_values(ticket: Ticket, was: PreviousValues) -> Ticket:
    """Return the ticket with its previous values."""
    fields = {name: getattr(was, name) for name in PreviousValues.__struct_fields__}
    return replace(ticket, **{name: value for name, value in fields.items() if value is not UNSET})
