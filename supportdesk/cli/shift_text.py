"""The handover of a shift as text for the command line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from supportdesk.cli.param_types import utc
from supportdesk.reports.shift_handover import ShiftHandover
from supportdesk.sla.clocks import ClockKind, instant
from supportdesk.sla.formatting import brief_amount, date_time
from supportdesk.store.read_models import QueueRow, TicketPage
from supportdesk.tickets.documents import Handover
from supportdesk.tickets.rota.data import RotaData, name_of
from supportdesk.tickets.rota.working_shift import WorkingShift

_KINDS = {ClockKind.RESPONSE: "Response", ClockKind.RESOLUTION: "Resolution"}
_MOST_DUE = 20


def shift_sentence(data: RotaData, shift: WorkingShift, zone: str) -> str:
    """Return the shift and who has the next one: `Shift on call from ... to ...; then Tom Ellis.`"""
    kind = "Office hours" if shift.line is None else f"Shift on call ({shift.line} line)"
    then = f"; then {name_of(data, shift.next_person)}" if shift.next_person else ""
    return f"{kind} from {date_time(shift.start, zone)} to {date_time(shift.end, zone)}{then}."


def handover_lines(data: RotaData, found: ShiftHandover, zone: str, titles: str) -> Iterator[str]:
    """Yield what is handed over; `titles` names the severities that page."""
    yield shift_sentence(data, found.shift, zone)
    yield ""
    yield f"Open {titles}: {len(found.urgent) or 'none'}"
    yield from (f"  {_ticket(row)}  {_owner(row)}" for row in found.urgent)
    yield f"Pages of the shift: {len(found.pages) or 'none'}"
    yield from (f"  {page_line(each, zone)}" for each in found.pages)
    until = date_time(found.shift.next_end, zone)
    yield f"Due in the next shift, until {until}: {len(found.due) or 'none'}"
    for item in found.due[:_MOST_DUE]:
        kind = _KINDS[item.kind] if item.kind is not None else "Due"
        yield f"  {date_time(instant(item.at), zone)}  {kind}  {_ticket(found.rows[item.ref])}"
    if len(found.due) > _MOST_DUE:
        yield f"  and {len(found.due) - _MOST_DUE} more"


def _ticket(row: QueueRow) -> str:
    return f"{row.ref}  {row.organisation}: {row.summary}"


def _owner(row: QueueRow) -> str:
    return f"({row.owner_name or 'unassigned'})"


def page_line(each: TicketPage, zone: str) -> str:
    """Return a page of the shift: when, for which ticket, to whom, and what became of it."""
    page = each.page
    return f"{date_time(page.at, zone)}  {each.ref}  {page.name or 'nobody'}  {page_answer(each)}  {each.summary}"


def page_answer(each: TicketPage) -> str:
    """Return what became of a page: `acknowledged in 4 min`, with the name where it was somebody else."""
    page = each.page
    if page.acknowledged_at is None:
        return "not acknowledged" if page.is_open else "replaced by a later page"
    seconds = int((page.acknowledged_at - page.at).total_seconds())
    took = brief_amount(seconds)
    by = f" by {page.by}" if page.by and page.by != page.name else ""
    return f"ended after {took}" if page.left else f"acknowledged{by} in {took}"


def handover_sentence(data: RotaData, handover: Handover, zone: str) -> str:
    """Return a handover in a sentence, with its state."""
    giver = name_of(data, handover.given_by)
    text = f"Handover {handover.number} of {giver}, given {date_time(handover.given_at, zone)}"
    if handover.accepted_at is not None:
        taker = name_of(data, handover.accepted_by or "")
        return f"{text}: accepted by {taker} {date_time(handover.accepted_at, zone)}."
    if handover.withdrawn:
        return f"{text}: withdrawn."
    to = name_of(data, handover.asked) if handover.asked else "everybody"
    return f"{text}: waits for {to}."


def handover_as_json(found: ShiftHandover, latest: Handover | None) -> Mapping[str, object]:
    """Return what is handed over, and the handover that was given of the shift, as JSON values."""
    shift = found.shift
    return {
        "shift": {
            "line": shift.line,
            "from": utc(shift.start),
            "to": utc(shift.end),
            "next_to": utc(shift.next_end),
            "next_person": shift.next_person or None,
        },
        "critical": [{"ref": row.ref, "summary": row.summary, "owner": row.owner} for row in found.urgent],
        "pages": [
            {
                "at": utc(each.page.at),
                "ref": each.ref,
                "person": each.page.person,
                "acknowledged_at": _utc(each.page.acknowledged_at),
                "acknowledged_by": each.page.by,
            }
            for each in found.pages
        ],
        "due": [{"ref": item.ref, "clock": item.kind, "due": utc(instant(item.at))} for item in found.due],
        "handover": handover_json(latest) if latest is not None else None,
    }


def handover_json(handover: Handover) -> Mapping[str, object]:
    """Return a handover as JSON values."""
    return {
        "number": handover.number,
        "given_by": handover.given_by,
        "given_at": utc(handover.given_at),
        "to": handover.asked,
        "note": handover.note,
        "accepted_by": handover.accepted_by,
        "accepted_at": _utc(handover.accepted_at),
        "withdrawn": handover.withdrawn,
    }


def _utc(at: datetime | None) -> str | None:
    return utc(at) if at is not None else None
