"""The columns of an export, by ServiceNow's field names and labels."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from supportdesk.intake.servicenow.text_file import UnreadableExportError

NEEDED = ("number", "incident_state", "sys_updated_at", "priority")
"""The columns that an import needs, by the names used here."""

_ALIASES = {
    "number": ("incident", "incident number"),
    "incident_state": ("incident state",),
    "state": (),
    "hold_reason": ("on hold reason", "hold reason", "on_hold_reason"),
    "active": (),
    "opened_at": ("opened", "opened_on", "opened on"),
    "opened_by": ("opened by",),
    "sys_created_at": ("sys_created_on", "created", "created on"),
    "sys_created_by": ("created by",),
    "sys_updated_at": ("sys_updated_on", "updated", "updated on"),
    "sys_updated_by": ("updated by",),
    "sys_mod_count": ("updates",),
    "priority": (),
    "contact_type": ("contact type", "channel"),
    "caller_id": ("caller",),
    "company": (),
    "location": (),
    "category": (),
    "subcategory": (),
    "short_description": ("short description",),
    "description": (),
    "assignment_group": ("assignment group",),
    "assigned_to": ("assigned to",),
    "reassignment_count": ("reassignment count",),
    "reopen_count": ("reopen count",),
    "made_sla": ("made sla",),
    "closed_code": ("close_code", "resolution code", "close code"),
    "close_notes": ("resolution notes", "close notes"),
    "resolved_by": ("resolved by",),
    "resolved_at": ("resolved",),
    "closed_at": ("closed",),
}
_CANONICAL = {
    alias: name for name, aliases in _ALIASES.items() for alias in (name, name.replace("_", " "), *aliases)
}


def known_columns(header: Sequence[str]) -> list[str]:
    """Return the columns of a header by the names used here; an unknown column keeps its own name."""
    return [_CANONICAL.get(" ".join(name.split()).casefold(), name.strip()) for name in header]


def count_known(header: Sequence[str]) -> int:
    """Return how many columns of a header are columns of an incident."""
    return sum(name in _ALIASES for name in known_columns(header))


def check_columns(columns: Sequence[str]) -> None:
    """Raise UnreadableExportError where a needed column is missing, or a known one is there twice."""
    counts = Counter(columns)
    if "state" in counts and "incident_state" not in counts:
        counts["incident_state"] = 1
    missing = [_name(column) for column in NEEDED if column not in counts]
    if missing:
        several = "s" if len(missing) > 1 else ""
        raise UnreadableExportError(
            f"it lacks the column{several} {', '.join(missing)};"
            " export the incidents as CSV with a header and all of them"
        )
    twice = [column for column, count in counts.items() if count > 1 and column in _ALIASES]
    if twice:
        raise UnreadableExportError(f"its header has two columns for {', '.join(twice)}; remove one of them")


def _name(column: str) -> str:
    """Return the names under which a missing column may be exported."""
    return {
        "incident_state": "state (or incident_state)",
        "sys_updated_at": "sys_updated_on (or sys_updated_at)",
    }.get(column, column)
