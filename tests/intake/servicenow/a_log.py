"""A log of incidents as ServiceNow writes it, a few rows at a time."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path

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
