"""A log of incidents as ServiceNow writes it, a few rows at a time."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path

from supportdesk.desk import Desk
from supportdesk.intake.servicenow import ImportReport, import_file
from supportdesk.store.read_models import TicketView

REAL_LOG = Path(__file__).resolve().parents[4] / "shared" / "data" / "incident_event_log.csv.gz"
"""The public log of 2016 (UCI, "Incident management process enriched event log"), where somebody put it."""

COLUMNS = {
    "number": "INC0000001",
    "incident_state": "New",
    "active": "TRUE",
    "reassignment_count": "0",
    "reopen_count": "0",
    "sys_mod_count": "0",
    "caller_id": "Caller 7",
    "opened_at": "29-02-2016 09:00",
    "sys_updated_by": "Updated by 3",
    "sys_updated_at": "29-02-2016 09:10",
    "contact_type": "Phone",
    "location": "Location 5",
    "category": "Category 20",
    "subcategory": "Subcategory 125",
    "u_symptom": "Symptom 4",
    "priority": "2 - High",
    "assignment_group": "Group 70",
    "assigned_to": "?",
    "closed_code": "code 6",
    "resolved_by": "Resolved by 5",
}
"""The columns and what they hold unless a row says otherwise."""


def row(state: str = "New", at: str = "29-02-2016 09:10", **columns: str) -> dict[str, str]:
    """One row; all February days are the 29th, a Monday."""
    return {**COLUMNS, "incident_state": state, "sys_updated_at": at, **columns}


def rows(*given: dict[str, str]) -> list[dict[str, str]]:
    """The rows of one incident, their changes counted."""
    return [{**each, "sys_mod_count": str(count)} for count, each in enumerate(given)]


def write(path: Path, given: Iterable[dict[str, str]]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(COLUMNS))
        writer.writeheader()
        writer.writerows(given)
    return path


def take_in(desk: Desk, tmp_path: Path, *given: dict[str, str], by: str = "ann") -> ImportReport:
    return import_file(desk, write(tmp_path / "log.csv", given), by=by)


def only_ticket(desk: Desk) -> TicketView:
    changed = {row.ref for row in desk.changes(0).rows}
    assert len(changed) == 1
    return desk.ticket(changed.pop())


def timeline_of(view: TicketView) -> list[str]:
    """Return the times and events of the ticket's timeline as text."""
    return [f"{line.at:%d %H:%M} {line.event}" for line in view.timeline]
