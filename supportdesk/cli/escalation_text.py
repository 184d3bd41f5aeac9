"""The escalation of a ticket as text."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from supportdesk.cli.output import terminal_width
from supportdesk.cli.table import NAME_WIDTH, TableColumn, table_lines
from supportdesk.sla.clocks import instant
from supportdesk.sla.formatting import at_near_time, full_time, near_time
from supportdesk.sla.ladder import ACKNOWLEDGEMENT, NOTIFY, PAGE, REASSIGN
from supportdesk.tickets.escalation.explanation import EscalationExplanation
from supportdesk.tickets.escalation.steps import StepOutcome, StepRecord
from supportdesk.tickets.housekeeping.acts import CLOSE

_DONE = {PAGE: "paged", NOTIFY: "notified", REASSIGN: "reassigned to"}
_TO_DO = {PAGE: "will page", NOTIFY: "will notify", REASSIGN: "will be reassigned to"}
_NOBODY = {StepOutcome.SKIPPED: "skipped", StepOutcome.TOO_OLD: "alerted nobody"}
_NOBODY_YET = {StepOutcome.SKIPPED: "will be skipped", StepOutcome.TOO_OLD: "will alert nobody"}


def escalation_lines(explanation: EscalationExplanation, name: Callable[[str], str]) -> Iterator[str]:
    """Yield the explanation as lines; `name` returns the name of a username."""
    case, at = explanation.case, explanation.at
    zone, severity = case.policy.timezone, case.policy.severity(case.ticket.severity)
    yield f"{case.ticket.ref}  {severity.name}  escalation as of {full_time(at, zone)}"
    yield ""
    if not case.ladder:
        yield f"Version {case.policy.version} of the policy has no ladder for {severity.name}."
        if not (explanation.recorded or explanation.expected):
            return
        yield ""
    valid = explanation.valid
    if valid is not None:
        given, until = at_near_time(valid.at, zone, at), near_time(valid.end, zone, at)
        reason = f": {valid.reason}" if valid.reason else ""
        yield f"Acknowledged by {name(valid.by)} {given}, valid until {until}{reason}"
        yield ""
    rows = [
        *(_row(explanation, each, _describe_recorded(each, name, zone)) for each in explanation.recorded),
        *(_row(explanation, each, _describe_expected(each, name, at)) for each in explanation.expected),
    ]
    headings = (TableColumn("DUE"), TableColumn("STEP"), TableColumn(least=NAME_WIDTH))
    if rows:
        yield from table_lines(headings, rows, terminal_width())
        yield ""
    if not explanation.expected:
        yield "No step is to come."
    for clock in explanation.stopped:
        what = "time without acknowledgement" if clock == ACKNOWLEDGEMENT else clock
        yield f"The {what} is no longer counted."


def _row(explanation: EscalationExplanation, record: StepRecord, outcome: str) -> tuple[str, str, str]:
    time = full_time(instant(record.due), explanation.case.policy.timezone)
    return time, explanation.describe_step(record), outcome


def _describe_recorded(record: StepRecord, name: Callable[[str], str], zone: str) -> str:
    """Return what became of a step, and why."""
    if record.outcome is not StepOutcome.FIRED:
        return f"{_NOBODY[record.outcome]}: {record.reason}"
    at = instant(record.at)
    late = f", late: {near_time(at, zone, at)}" if record.late else ""
    if record.action == CLOSE:
        return f"closed{late}"
    return f"{_DONE[record.action]} {', '.join(map(name, record.people))}{late}"


def _describe_expected(record: StepRecord, name: Callable[[str], str], now: datetime) -> str:
    """Return what is to become of a step, and why."""
    if record.outcome is not StepOutcome.FIRED:
        return f"{_NOBODY_YET[record.outcome]}: {record.reason}"
    overdue = " (due, and not fired yet)" if instant(record.due) < now else ""
    if record.action == CLOSE:
        return f"closes by itself unless the customer replies{overdue}"
    return f"{_TO_DO[record.action]} {', '.join(map(name, record.people))}{overdue}"
