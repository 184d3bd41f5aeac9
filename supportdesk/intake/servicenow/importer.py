"""Imports an export of ServiceNow incidents as tickets with their whole history.

Every row becomes a command with an id that is derived from the row. So an interrupted import continues where it
stopped, running it again adds nothing, and a later, longer export adds only the new rows.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from itertools import chain, repeat
from pathlib import Path

import msgspec
from msgspec.structs import replace

from supportdesk.desk_api import Applied, DeskApi, Executor, Outcome, RecordQueries
from supportdesk.intake.servicenow.export import MOST_ROWS, Export, ExportRow, UnreadableRow, open_export
from supportdesk.intake.servicenow.incident import Incident, Moment, read_incident, support_lines
from supportdesk.intake.servicenow.records import RecordRefusedError, Records
from supportdesk.intake.servicenow.states import map_state
from supportdesk.intake.servicenow.timestamps import DateOrder
from supportdesk.sla.formatting import utc_time
from supportdesk.sla.policy import Policy
from supportdesk.tickets import permissions
from supportdesk.tickets.actors import StaffActor
from supportdesk.tickets.command import Command
from supportdesk.tickets.process.importing import ImportRequest, ImportState, counts_as_change
from supportdesk.tickets.records.commands import SavePerson
from supportdesk.tickets.refusal import Refusal

SOURCE = "servicenow"
LISTED = 10_000
"""The most remarks that a report lists; further ones are only counted."""

_EARLIEST = datetime.min.replace(tzinfo=UTC)

Progress = Callable[[int, int], None]
"""Called with the number of incidents done and their total."""


class ImportRefusedError(Exception):
    """The operator may not import; the message says why."""


class Unmapped(msgspec.Struct, frozen=True):
    """A row, or a part of one, without an equivalent here. `row` is its line in an editor, counted from 1."""

    row: int
    incident: str
    reason: str


@dataclass(frozen=True, slots=True)
class ImportReport:
    """The result of an import, in rows of the export: each is imported, unchanged, known or refused.

    `unchanged` rows differ from the previous one only in the export's own counters; `known` rows were imported earlier.
    `unmapped` lists every part without an equivalent and every refused row, by row; `unlisted` counts those beyond the
    limit. `description` says how the file was understood.
    """

    rows: int
    incidents: int
    imported: int
    unchanged: int
    known: int
    refused: int
    unmapped: tuple[Unmapped, ...]
    unlisted: int = 0
    description: str = field(default="", compare=False)


@dataclass
class _Tally:
    imported: int = 0
    unchanged: int = 0
    known: int = 0
    refused: int = 0
    unmapped: list[Unmapped] = field(default_factory=list)
    unlisted: int = 0

    def remark(self, row: ExportRow | UnreadableRow, reason: str) -> None:
        if len(self.unmapped) < LISTED:
            self.unmapped.append(Unmapped(row.line, row.incident, reason))
        else:
            self.unlisted += 1

    def refuse(self, row: ExportRow | UnreadableRow, reason: str) -> None:
        self.refused += 1
        self.remark(row, reason)

    def count(self, row: ExportRow, outcome: Outcome | None) -> None:
        if outcome is None:
            self.unchanged += 1
        elif isinstance(outcome, Refusal):
            self.refuse(row, outcome.reason)
        elif outcome.repeated:
            self.known += 1
        else:
            self.imported += 1


def import_file(
    desk: DeskApi,
    path: Path,
    *,
    by: str,
    dates: DateOrder | None = None,
    zone: tzinfo = UTC,
    progress: Progress = lambda done, of: None,
) -> ImportReport:
    """Import an export, plain or gzipped; `by` must be an administrator, because its staff are added.

    `dates` is the order of its dates if no date shows it, `zone` that of its times. Raises UnreadableExportError for a
    file that is not such an export, OSError for one that cannot be read and ImportRefusedError for an operator without
    the right. Nothing is imported then.
    """
    _check_rights(desk, by)
    tally = _Tally()
    with open_export(path, dates=dates, zone=zone) as export:
        for row in export.unreadable_rows:
            tally.remark(row, row.reason)
        tally.refused += export.unreadable_count
        tally.unlisted += export.unreadable_count - len(export.unreadable_rows)
        records = Records(desk, by, support_lines(desk.policy_at(_EARLIEST))[0].key)
        run = _ImportRun(desk, by, records, tally)
        numbers, imported = export.incidents, 0
        for done, number in enumerate(numbers):
            progress(done, len(numbers))
            rows = _rows_of(export, number, desk.now(), tally)
            if rows:
                imported += 1
                run.import_incident(rows, desk.policy_at(rows[0].opened_at or desk.now()))
        progress(len(numbers), len(numbers))
        return ImportReport(
            rows=export.rows,
            incidents=imported,
            imported=tally.imported,
            unchanged=tally.unchanged,
            known=tally.known,
            refused=tally.refused,
            unmapped=tuple(sorted(tally.unmapped, key=lambda each: each.row)),
            unlisted=tally.unlisted,
            description=export.description,
        )


def _check_rights(desk: RecordQueries, by: str) -> None:
    """Check the rights for every command of an import before anything is read. Raises ImportRefusedError."""
    person = desk.person(by)
    for command in (ImportRequest, ImportState, SavePerson):
        if person is None or not permissions.is_permitted(StaffActor(person), command):
            raise ImportRefusedError(
                f"{person.name if person else by} may not import; this needs "
                f"{permissions.name_permitted(command.needs, desk.roster().staff)}"
            )


def _rows_of(export: Export, number: str, now: datetime, tally: _Tally) -> list[ExportRow]:
    """Return the rows of an incident that can be imported, in the order of the changes; the others are refused."""
    count = export.count(number)
    if count > MOST_ROWS:
        first = next(export.read_rows(number))
        tally.refused += count
        tally.remark(first, f"it has {count:,} rows, more than the {MOST_ROWS:,} that an incident may have")
        return []
    rows = []
    for row in export.read_rows(number):
        if isinstance(row, UnreadableRow):
            tally.refuse(row, row.reason)
        elif row.at > now:
            tally.refuse(row, f"{utc_time(row.at)} is in the future")
        else:
            rows.append(row)
    return sorted(rows, key=lambda row: (row.at, row.changes, row.line))


class _ImportRun:
    """Imports incidents one by one and counts the results."""

    def __init__(self, desk: DeskApi, by: str, records: Records, tally: _Tally) -> None:
        self._desk = desk
        self._by = by
        self._records = records
        self._tally = tally
        self._has_erasures = desk.find_last_erasure() is not None

    def import_incident(self, rows: list[ExportRow], policy: Policy) -> None:
        """Import one incident, as one transaction: a reader sees all of it or nothing."""
        incident = read_incident(rows, policy, self._tally.remark)
        try:
            commands = self._make_commands(incident)
        except RecordRefusedError as error:
            outcomes: list[Outcome | None] | Refusal = Refusal(str(error))
        else:
            outcomes = self._desk.transaction(lambda execute: self._write(execute, commands))
        if isinstance(outcomes, Refusal):
            outcomes = [outcomes]
        unwritten = repeat(outcomes[-1], len(incident.moments) - len(outcomes))
        for moment, outcome in zip(incident.moments, chain(outcomes, unwritten), strict=True):
            self._tally.count(moment.row, outcome)

    def _make_commands(self, incident: Incident) -> _Commands:
        """Return the commands for an incident, with everybody it names added. Raises RecordRefusedError.

        Where it was imported before, its caller is not added: they may have been erased since. Whether another caller
        was, nobody can tell: they are named where anybody was erased.
        """
        organisation = self._records.organisation(incident.organisation)
        contact = self._records.find_contact(organisation, incident.caller)
        if contact is not None:
            return _Commands(incident, self._records, organisation, contact)
        unnamed = _Commands(incident, self._records, organisation, "")
        before = self._desk.do(unnamed.request, by=self._by, command_id=_command_id(incident.number))
        if not isinstance(before, Refusal):
            return unnamed
        contact = self._records.contact(organisation, incident.caller)
        if self._has_erasures:
            self._tally.remark(
                incident.moments[0].row,
                f"its caller {incident.caller} was added: if they were erased here before, erase them again with"
                f" `supportdesk erase {contact}`",
            )
        return _Commands(incident, self._records, organisation, contact)

    def _write(self, execute: Executor, commands: _Commands) -> list[Outcome | None]:
        """Return the outcome of each moment, None for an unchanged one, up to the first that is refused."""

        def do(command: Command, name: str) -> Outcome:
            return execute(command, by=self._by, command_id=_command_id(name))

        logged = do(commands.request, commands.incident.number)
        if isinstance(logged, Refusal):
            return [logged]
        assert logged.ref is not None
        outcomes: list[Outcome | None] = []
        before = self._state_before(commands.incident, logged)
        for moment, name in commands.moments():
            outcome: Outcome | None = None if outcomes else logged
            if moment.differs_from(before):
                outcome = do(commands.history(logged.ref, moment), name)
            outcomes.append(outcome)
            if isinstance(outcome, Refusal):
                break
            before = moment
        return outcomes

    def _state_before(self, incident: Incident, logged: Applied) -> Moment:
        """Return the state of the ticket before the first row of the file: as logged, or as it is here."""
        if not logged.repeated:
            return incident.as_logged
        assert logged.ref is not None
        view = self._desk.ticket(logged.ref)
        ticket, first = view.ticket, incident.moments[0]
        changes = (each.at for each in view.timeline if counts_as_change(each.event, each.actor))
        if first.at <= max(changes, default=ticket.logged_at):
            return incident.as_logged
        owner = self._desk.person(ticket.owner) if ticket.owner else None
        return replace(
            incident.as_logged,
            severity=ticket.severity,
            stage=ticket.stage,
            waiting=ticket.waiting.on if ticket.waiting else "",
            team=ticket.team,
            owner=owner.name if owner else "",
        )


class _Commands:
    """The commands for an incident of a customer's contact, with its owners added. Raises RecordRefusedError."""

    def __init__(self, incident: Incident, records: Records, organisation: str, contact: str) -> None:
        self.incident = incident
        first = incident.moments[0]
        self._owners = {
            name: records.person(name) for name in {moment.owner for moment in incident.moments} if name
        }
        self.request = ImportRequest(
            source=f"{SOURCE}:{incident.number}",
            at=first.at,
            received_at=incident.received_at,
            severity=first.severity,
            channel=incident.channel,
            organisation=organisation,
            contact=contact,
            team=first.team,
            summary=incident.summary,
            description=incident.description,
        )

    def moments(self) -> Iterator[tuple[Moment, str]]:
        """Yield each moment with a lasting name for its row; a repeated name gets a number."""
        seen: Counter[str] = Counter()
        for moment in self.incident.moments:
            row = moment.row
            stamp = f"{row.at:%d-%m-%Y %H:%M}" + (f":{row.at:%S}" if row.at.second else "")
            mapped = map_state(row.state, "")
            state = mapped.label if mapped else row.state
            name = " ".join((row.incident, row["sys_mod_count"], stamp, state))
            seen[name] += 1
            yield moment, f"{name} {seen[name]}"

    def history(self, ref: str, moment: Moment) -> ImportState:
        """Return the command for the state of the ticket at a moment."""
        return ImportState(
            ref,
            at=moment.at,
            severity=moment.severity,
            stage=moment.stage,
            team=moment.team,
            owner=self._owners.get(moment.owner, ""),
            waiting=moment.waiting,
            record=moment.record,
            because=moment.because,
            note=moment.note,
            ended=moment.ended,
        )


def _command_id(name: str) -> str:
    """Return the id of a command, the same in every run, within the length of ids."""
    return f"{SOURCE}:{hashlib.sha256(name.encode()).hexdigest()[:40]}"
