"""Maps an incident's rows to the moments of a ticket's history.

Priorities 1 to 4 are Critical to Low. A group is not a team of the policy: the first group of an incident stands for
the first support line, any other for the line above it, and its name stays in the record. The owner is the person it
was assigned to; work has begun once the state is neither `New` nor final.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

import msgspec
from msgspec.structs import replace

from supportdesk.intake.servicenow.export import ExportRow
from supportdesk.intake.servicenow.states import ON_HOLD, MappedState, map_channel, map_priority, map_state
from supportdesk.sla.policy import Policy, Team
from supportdesk.tickets.folding import same_name
from supportdesk.tickets.process.closure import WITHDRAWN
from supportdesk.tickets.process.severity import IMPACT_CHANGED, WRONG_AT_TRIAGE
from supportdesk.tickets.ticket import Stage

_MAPPED_COLUMNS = {
    "number",
    "incident_state",
    "state",
    "hold_reason",
    "active",
    "opened_at",
    "priority",
    "contact_type",
    "caller_id",
    "company",
    "location",
    "assignment_group",
    "assigned_to",
    "short_description",
    "description",
}
"""Columns whose content the ticket stores elsewhere than in the list of the rest."""

_COUNTERS = {
    "reassignment_count",
    "reopen_count",
    "sys_mod_count",
    "sys_updated_at",
    "sys_updated_by",
    "made_sla",
}
"""Columns that follow from the history itself, or that identify the row rather than the incident."""

_OUTCOME = {"closed_code", "close_notes", "resolved_by", "resolved_at", "closed_at", "closed_by"}
"""Columns that an exported log fills on every row with values known only at the end."""

Remark = Callable[[ExportRow, str], None]
"""Called with a row and what it contains that has no equivalent here."""


class Moment(msgspec.Struct, frozen=True):
    """The state of an incident at one row. `record` and `note` are in the other system's words."""

    row: ExportRow
    at: datetime
    severity: str
    stage: Stage
    waiting: str
    team: str
    owner: str
    record: str
    because: str = IMPACT_CHANGED
    note: str = ""
    ended: str = ""

    def differs_from(self, before: Moment) -> bool:
        """Return whether anything but the row's own counters differs from the row before."""
        return bool(self.note) or _compared(self) != _compared(before)


class Incident(msgspec.Struct, frozen=True):
    """An incident as it was first recorded, and its moments in order, one for each row."""

    number: str
    received_at: datetime
    channel: str
    organisation: str
    caller: str
    summary: str
    description: str
    moments: tuple[Moment, ...]

    @property
    def as_logged(self) -> Moment:
        """The state before anything happened to it except that it was logged."""
        return replace(self.moments[0], stage=Stage.TRIAGE, waiting="", owner="", note="")


def read_incident(rows: list[ExportRow], policy: Policy, remark: Remark) -> Incident:
    """Return the incident of the given rows, which are in the order of their changes."""
    first = rows[0]
    opened = first.opened_at
    if opened is None and first["opened_at"]:
        remark(first, f"opened_at {first['opened_at']!r} is not a time; the time of the row is used")
    moments = tuple(_moments(rows, opened or first.at, policy, remark))
    organisation = first["company"] or first["location"]
    if not organisation:
        remark(first, "no company or location; the customer is called `Location not given`")
    if not first["caller_id"]:
        remark(first, "no caller; the contact is called `Caller not given`")
    channel = map_channel(first["contact_type"])
    if channel is None:
        named = (
            f"contact_type {first['contact_type']!r} is not a channel here"
            if first["contact_type"]
            else "no channel"
        )
        remark(first, f"{named}; phone is used")
    return Incident(
        number=first.incident,
        received_at=min(opened or first.at, moments[0].at),
        channel=channel or "phone",
        organisation=organisation or "Location not given",
        caller=first["caller_id"] or "Caller not given",
        summary=_summary(first),
        description=_description(first),
        moments=moments,
    )


def support_lines(policy: Policy) -> list[Team]:
    """Return the teams that are support lines, the first line first."""
    return sorted((team for team in policy.teams if team.line is not None), key=lambda team: team.line or 0)


def _moments(rows: list[ExportRow], opened: datetime, policy: Policy, remark: Remark) -> Iterator[Moment]:
    lines = support_lines(policy)
    first_line, line_above = lines[0], lines[min(1, len(lines) - 1)]
    first_group = next((row["assignment_group"] for row in rows if row["assignment_group"]), "")
    before: Moment | None = None
    changes = 0
    at = opened
    for row in rows:
        if row.remark:
            remark(row, row.remark)
        if row.at < at:
            remark(
                row, f"{row.at:%d %b %Y %H:%M} is before it was opened, {at:%d %b %Y %H:%M}, which is used"
            )
        at = max(at, row.at)
        moment = _moment(row, at, before, changes, remark)
        changes = max(changes, row.changes)
        line = first_line if row["assignment_group"] in ("", first_group) else line_above
        team = before.team if before and not row["assignment_group"] else line.key
        before = replace(
            moment, team=team, note=_changes(before.row, row, before.team == team) if before else ""
        )
        yield before


def _moment(row: ExportRow, at: datetime, before: Moment | None, changes: int, remark: Remark) -> Moment:
    severity = map_priority(row["priority"])
    if severity is None:
        severity = before.severity if before else "medium"
        remark(row, f"priority {row['priority']!r} is not 1 to 4; {severity} is used")
    mapped = map_state(row.state, row["hold_reason"])
    if before is not None and mapped is not None and _is_overtaken(row, mapped, before, changes):
        remark(
            row,
            f"state {row.state!r} comes before {before.row.state!r} by its count of changes; "
            "it does not reopen the ticket",
        )
        mapped = _previous_state(before)
    elif mapped is None:
        mapped = _previous_state(before)
        used = " ".join((mapped.stage, mapped.waiting)).strip()
        remark(row, f"state {row.state!r} has no stage here; {used} is used")
    elif mapped is ON_HOLD:
        named = (
            f"hold reason {row['hold_reason']!r} is unknown here" if row["hold_reason"] else "no hold reason"
        )
        remark(row, f"{named}; a third party is assumed")
    for column in ("company", "location", "caller_id"):
        if before and same_name(row[column]) != same_name(before.row[column]):
            remark(row, f"{column} became {row[column] or 'unknown'}; the ticket stays with the first")
    untouched = before is None or before.stage is Stage.TRIAGE
    return Moment(
        row=row,
        at=at,
        severity=severity,
        stage=mapped.stage,
        waiting=mapped.waiting,
        team="",
        owner=row["assigned_to"],
        record=_record(row, mapped.stage),
        because=WRONG_AT_TRIAGE if untouched else IMPACT_CHANGED,
        ended=WITHDRAWN if mapped.cancelled else "",
    )


def _is_overtaken(row: ExportRow, mapped: MappedState, before: Moment, changes: int) -> bool:
    """Return whether a row that was written before the incident ended would reopen it.

    Logs contain rows whose time was changed afterwards. `changes` is the highest count of changes before the row.
    """
    return (
        before.stage in (Stage.RESOLVED, Stage.CLOSED)
        and mapped.stage not in (before.stage, Stage.CLOSED)
        and row.changes < changes
        and row["reopen_count"] == before.row["reopen_count"]
    )


def _previous_state(before: Moment | None) -> MappedState:
    if before is None:
        return MappedState("", Stage.TRIAGE)
    return MappedState("", before.stage, before.waiting, cancelled=bool(before.ended))


def _record(row: ExportRow, stage: Stage) -> str:
    texts = [row.state, row["hold_reason"], row["assignment_group"]]
    if stage is Stage.CLOSED:
        texts += [row["closed_code"], row["resolved_by"]]
    return ", ".join(filter(None, [*texts, row["sys_updated_by"]]))


def _changes(before: ExportRow, row: ExportRow, same_team: bool) -> str:
    """Return the other columns that changed, one per line; a group too, where no other team shows the change."""
    listed = {"assignment_group", "contact_type"} if same_team else {"contact_type"}
    silent = (_MAPPED_COLUMNS - listed) | _COUNTERS | _OUTCOME
    return "\n".join(
        f"{column}: {before[column] or '?'} -> {value or '?'}"
        for column, value in row.fields.items()
        if column not in silent and value != before[column]
    )


def _summary(row: ExportRow) -> str:
    subject = row["short_description"] or row["u_symptom"]
    category = ", ".join(filter(None, (row["category"], row["subcategory"])))
    return f"{subject} ({category})" if subject and category else subject or category or row.incident


def _description(row: ExportRow) -> str:
    silent = _MAPPED_COLUMNS | _COUNTERS | _OUTCOME
    rest = (f"{column}: {value}" for column, value in row.fields.items() if value and column not in silent)
    return "\n".join(filter(None, (row["description"], *rest)))


def _compared(moment: Moment) -> tuple[str, ...]:
    return moment.severity, moment.stage, moment.waiting, moment.team, moment.owner
