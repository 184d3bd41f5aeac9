"""Taking in the audit log of ServiceNow incidents, as tickets with their whole history.

Every row becomes a command with an id of its own, made from what names the row. So an import that was cut off goes on
where it stopped, running it again adds nothing, and a longer log later adds the new rows only.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import chain, repeat
from pathlib import Path

from supportdesk.door import Doing, Door, Outcome
from supportdesk.intake.servicenow_log import Misfit, Row, UnreadableLogError, read_instant, read_log
from supportdesk.intake.servicenow_words import Incident, Moment, read_incident, support_lines
from supportdesk.sla.policy import Policy
from supportdesk.tickets import permissions
from supportdesk.tickets.command import Command, Refusal
from supportdesk.tickets.newcomers import slug
from supportdesk.tickets.people import Contact, Organisation, Person, Role
from supportdesk.tickets.process.history import TakeInHistory, TakeInRequest
from supportdesk.tickets.records import KeepContact, KeepOrganisation, KeepPerson

__all__ = ["ImportRefusedError", "Report", "Unmapped", "UnreadableLogError", "import_file"]

SOURCE = "servicenow"

_EARLIEST = datetime.min.replace(tzinfo=UTC)

Progress = Callable[[int, int], None]
"""Told how many incidents of how many are done."""


class ImportRefusedError(Exception):
    """The desk does not let this person take a history in; the text says why."""


@dataclass(frozen=True, slots=True)
class Unmapped:
    """A row, or a part of one, for which the desk has no word. `row` counts as a text editor does, the header is 1."""

    row: int
    incident: str
    reason: str


@dataclass(frozen=True, slots=True)
class Report:
    """What an import did, in rows of the log: each is taken in, unchanged, known or refused.

    `unchanged` ones differ from the row before in the log's own counters only, `known` ones were taken in by an earlier
    run. `unmapped` holds a line for every part that has no word here, and for every row that was refused.
    """

    rows: int
    incidents: int
    taken: int
    unchanged: int
    known: int
    refused: int
    unmapped: tuple[Unmapped, ...]


@dataclass
class _Tally:
    taken: int = 0
    unchanged: int = 0
    known: int = 0
    refused: int = 0
    unmapped: list[Unmapped] = field(default_factory=list)

    def remark(self, row: Row, reason: str) -> None:
        self.unmapped.append(Unmapped(row.line, row.incident, reason))

    def refuse(self, row: Row | Misfit, reason: str) -> None:
        self.refused += 1
        self.unmapped.append(Unmapped(row.line, row.incident, reason))


def import_file(door: Door, path: Path, *, by: str, progress: Progress = lambda done, of: None) -> Report:
    """Takes a log in, plain or gzipped; `by` needs to be an administrator, because its staff are enrolled.

    Raises UnreadableLogError for a file that is not such a log, OSError for one that cannot be read and
    ImportRefusedError for somebody who may not.
    """
    _refuse_others(door, by)
    tally = _Tally()
    rows = list(read_log(path))
    incidents = _by_incident(rows, door.now(), tally)
    intake = _Intake(door, by, tally)
    for done, incident in enumerate(incidents):
        progress(done, len(incidents))
        opened = read_instant(incident[0]["opened_at"]) or door.now()
        intake.take_in(incident, door.policy_at(opened))
    progress(len(incidents), len(incidents))
    return Report(
        rows=len(rows),
        incidents=len(incidents),
        taken=tally.taken,
        unchanged=tally.unchanged,
        known=tally.known,
        refused=tally.refused,
        unmapped=tuple(sorted(tally.unmapped, key=lambda each: each.row)),
    )


def _refuse_others(door: Door, by: str) -> None:
    """Before anything is read or written: what a history needs kept is more than one command."""
    person = door.person(by)
    for command in (TakeInRequest, TakeInHistory, KeepPerson):
        if person is None or not permissions.may(person, command):
            raise ImportRefusedError(
                f"{person.name if person else by} may not take a history in; it takes "
                f"{permissions.who_may(command.needs, door.roster().staff)}"
            )


def _by_incident(rows: Iterable[Row | Misfit], now: datetime, tally: _Tally) -> list[list[Row]]:
    """The rows that can be taken in, by incident in the order of the log; the others are refused here."""
    incidents: dict[str, list[Row]] = {}
    for row in rows:
        if isinstance(row, Misfit):
            tally.refuse(row, row.reason)
            continue
        at = read_instant(row["sys_updated_at"])
        if not row.incident:
            tally.refuse(row, "it names no incident")
        elif at is None:
            tally.refuse(row, f"sys_updated_at {row['sys_updated_at']!r} is no time such as 29-02-2016 01:23")
        elif at > now:
            tally.refuse(row, f"{at:%d %b %Y %H:%M} UTC is still to come")
        else:
            incidents.setdefault(row.incident, []).append(row)
    return list(incidents.values())


class _Intake:
    """One run. `_began_at` is the ledger's end at its beginning: what lies behind it was there before."""

    def __init__(self, door: Door, by: str, tally: _Tally) -> None:
        self._door = door
        self._by = by
        self._tally = tally
        self._began_at = door.queue().seq
        self._team = support_lines(door.policy_at(_EARLIEST))[0].key

    def take_in(self, rows: list[Row], policy: Policy) -> None:
        """Takes one incident in, as one transaction: a reader sees all of it or nothing."""
        incident = read_incident(rows, policy, self._tally.remark)
        moments = incident.moments
        outcomes = self._door.together(lambda doing: _Transcript(doing, self._by, self._team).write(incident))
        if isinstance(outcomes, Refusal):
            outcomes = [outcomes]
        unwritten = repeat(outcomes[-1], len(moments) - len(outcomes))
        for moment, outcome in zip(moments, chain(outcomes, unwritten), strict=True):
            self._count(moment.row, outcome)

    def _count(self, row: Row, outcome: Outcome | None) -> None:
        if outcome is None:
            self._tally.unchanged += 1
        elif isinstance(outcome, Refusal):
            self._tally.refuse(row, outcome.reason)
        elif outcome.seq > self._began_at:
            self._tally.taken += 1
        else:
            self._tally.known += 1


class _Transcript:
    """One incident written down by commands. Its owners are enrolled in `team`, as people who are here no more."""

    def __init__(self, doing: Doing, by: str, team: str) -> None:
        self._doing = doing
        self._by = by
        self._team = team

    def write(self, incident: Incident) -> list[Outcome | None]:
        """The outcome of each moment, None for an unchanged one; it ends with the first that is refused."""
        first, before = incident.moments[0], incident.as_logged
        logged = self._do(
            TakeInRequest(
                source=f"{SOURCE}:{incident.number}",
                at=first.at,
                received_at=incident.received_at,
                severity=first.severity,
                channel=incident.channel,
                organisation=self._organisation(incident),
                contact=self._contact(incident),
                team=first.team,
                summary=incident.summary,
                description=incident.description,
            ),
            incident.number,
        )
        if isinstance(logged, Refusal):
            return [logged]
        assert logged.ref is not None
        outcomes: list[Outcome | None] = []
        for moment, name in zip(incident.moments, _names(incident.moments), strict=True):
            outcome: Outcome | None = None if outcomes else logged
            if moment.says_more_than(before):
                outcome = self._do(self._moment(logged.ref, moment), name)
            outcomes.append(outcome)
            if isinstance(outcome, Refusal):
                break
            before = moment
        return outcomes

    def _moment(self, ref: str, moment: Moment) -> TakeInHistory:
        owner = slug(moment.owner) if moment.owner else ""
        if owner:
            person = Person(owner, moment.owner, self._team, (Role.AGENT,), active=False)
            self._keep(KeepPerson(person), f"person {owner} {moment.owner}")
        return TakeInHistory(
            ref,
            at=moment.at,
            severity=moment.severity,
            stage=moment.stage,
            team=moment.team,
            owner=owner,
            waiting=moment.waiting,
            record=moment.record,
            because=moment.because,
            note=moment.note,
        )

    def _organisation(self, incident: Incident) -> str:
        name = incident.organisation
        key = slug(name)
        self._keep(KeepOrganisation(Organisation(key, name)), f"organisation {key} {name}")
        return key

    def _contact(self, incident: Incident) -> str:
        organisation = slug(incident.organisation)
        key = f"{organisation}.{slug(incident.caller)}"
        contact = Contact(key, organisation, incident.caller, registered=False)
        self._keep(KeepContact(contact), f"contact {key} {incident.caller}")
        return key

    def _keep(self, command: Command, name: str) -> None:
        """Keeps a record the first time that a log names it; what was changed here since is left as it is."""
        outcome = self._do(command, name)
        if isinstance(outcome, Refusal):
            raise ImportRefusedError(outcome.reason)

    def _do(self, command: Command, name: str) -> Outcome:
        return self._doing(command, by=self._by, command_id=_command_id(name))


def _names(moments: tuple[Moment, ...]) -> list[str]:
    """What names each row for ever: incident, count of changes, time and state; a repeated one has a number too."""
    seen: Counter[str] = Counter()
    names = []
    for row in (moment.row for moment in moments):
        columns = ("number", "sys_mod_count", "sys_updated_at", "incident_state")
        name = " ".join(row[column] for column in columns)
        seen[name] += 1
        names.append(f"{name} {seen[name]}")
    return names


def _command_id(name: str) -> str:
    """An id for a command that another run finds again, within the length that ids have."""
    return f"{SOURCE}:{hashlib.sha256(name.encode()).hexdigest()[:40]}"
