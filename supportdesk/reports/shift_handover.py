"""What is handed over at the end of a shift: open Criticals, the pages of the shift, and what falls due in the next."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import msgspec

from supportdesk.desk_api import Queries
from supportdesk.reports.figure import Item
from supportdesk.sla.clocks import epoch
from supportdesk.sla.policy import Policy
from supportdesk.store.read_models import QueueRow, TicketPage
from supportdesk.tickets.documents import Handover
from supportdesk.tickets.rota.data import RotaData
from supportdesk.tickets.rota.working_shift import WorkingShift, find_working_shift


class ShiftHandover(msgspec.Struct, frozen=True):
    """What is handed over with a shift.

    `urgent` are the open tickets of the severities that page, the most urgent first; `pages` are those of the shift,
    the oldest first; `due` are the clocks that fall due for the next shift, with their tickets in `rows`.
    """

    shift: WorkingShift
    urgent: tuple[QueueRow, ...]
    pages: tuple[TicketPage, ...]
    due: tuple[Item, ...]
    rows: dict[str, QueueRow]


def prepare_handover(desk: Queries, username: str) -> ShiftHandover:
    """Return what a member of staff hands over now. Blocks. Raises DeskUnavailableError and CalendarError."""
    now, rows, shift = desk.now(), desk.queue().rows, find_shift(desk, username)
    pages = tuple(desk.page_records(shift.start, min(shift.end, now)))
    return ShiftHandover(
        shift, find_urgent(rows, desk), pages, find_due(rows, shift, now), {row.ref: row for row in rows}
    )


def find_urgent(rows: Iterable[QueueRow], desk: Queries) -> tuple[QueueRow, ...]:
    """Return the open tickets of the severities that page, the most urgent first."""
    found = [row for row in rows if row.is_open and _pages(desk.policies[row.policy], row.severity)]
    return tuple(sorted(found, key=lambda row: row.urgency))


def _pages(policy: Policy, severity: str) -> bool:
    return policy.severity(severity).pages


def find_due(rows: Iterable[QueueRow], shift: WorkingShift, now: datetime) -> tuple[Item, ...]:
    """Return the clocks that fall due between the end of a shift and that of the next one, in their order.

    What falls due before a shift ends is still for that shift.
    """
    begin, end = epoch(max(shift.end, now)), epoch(shift.next_end)
    found = (
        Item(clock.breached_at, row.ref, clock.kind)
        for row in rows
        if row.is_open
        for clock in (row.response, row.resolution)
        if clock.verdict is None and clock.breached_at is not None and begin <= clock.breached_at <= end
    )
    return tuple(sorted(found, key=lambda item: (item.at, item.ref)))


def find_shift(desk: Queries, username: str) -> WorkingShift:
    """Return the shift that a member of staff works now. Blocks."""
    now, data = desk.now(), desk.roster().reference_data
    return find_working_shift(data, desk.policy_at(now), data.handovers, username, now)


def severities_that_page(policy: Policy) -> str:
    """Return the names of the severities that page somebody: `Critical`."""
    return " and ".join(each.name for each in policy.severities if each.pages)


def open_handovers(data: RotaData, username: str) -> list[Handover]:
    """Return the open handovers that a person may accept, the latest first."""
    return [
        each
        for each in reversed(data.handovers)
        if each.is_open and each.given_by != username and each.asked in (None, username)
    ]


def find_given(data: RotaData, username: str, shift: WorkingShift) -> Handover | None:
    """Return the last handover that a person gave in a shift and did not withdraw; None without one.

    One that is open counts although it was given in an earlier shift.
    """
    for each in reversed(data.handovers):
        if each.given_by == username and not each.withdrawn:
            return each if each.is_open or each.given_at >= shift.start else None
    return None
