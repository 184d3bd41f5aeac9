"""Compares the recorded steps of escalations with the events of their tickets."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from supportdesk.sla.clocks import epoch
from supportdesk.store import tables
from supportdesk.store.backend import Reader
from supportdesk.store.findings import Findings
from supportdesk.store.ledger import StoredEvent
from supportdesk.store.verification.rows import StoredRow, find_wrong_columns
from supportdesk.store.watch_projection import step_row
from supportdesk.tickets.escalation.recorded_steps import make_record
from supportdesk.tickets.events import StepTaken

_TABLE = tables.escalation_steps.name
_FIND_STRAY = (
    f"SELECT DISTINCT ref FROM {_TABLE} WHERE NOT EXISTS"  # noqa: S608 - names of ours
    f" (SELECT 1 FROM ledger WHERE ledger.ref = {_TABLE}.ref) ORDER BY 1"
)
_UNKNOWN = "no event in the ledger explains it"


def compare_steps(
    reader: Reader, findings: Findings, ref: str, history: Iterable[StoredEvent], found: Iterable[StoredRow]
) -> None:
    """Compare the rows that were found of a ticket's recorded steps with its history."""
    rows = list_step_rows(ref, history)
    expected = {(row["clock"], row["cycle"], row["step"]): row for row in rows}
    stored = {(row["clock"], row["cycle"], row["step"]): row for row in found}
    for key in [*expected, *(key for key in stored if key not in expected)]:
        name = f"{ref} {key[2]}"
        if key not in stored:
            findings.add(_TABLE, name, "it is missing")
        elif key not in expected:
            findings.add(_TABLE, name, _UNKNOWN)
        elif wrong := find_wrong_columns(reader, expected[key], stored[key], {}):
            findings.add(_TABLE, name, f"differs from the ledger: {', '.join(wrong)}")


def list_step_rows(ref: str, history: Iterable[StoredEvent]) -> list[dict[str, Any]]:
    """Return the rows of the steps that a ticket's history records."""
    return [
        step_row(make_record(ref, each.event, epoch(each.at)), each.seq)
        for each in history
        if isinstance(each.event, StepTaken)
    ]


def find_steps_without_event(reader: Reader, findings: Findings) -> None:
    """Find the rows of steps of a ticket that has no events."""
    for (ref,) in reader.rows(_FIND_STRAY):
        findings.add(_TABLE, ref, _UNKNOWN)
