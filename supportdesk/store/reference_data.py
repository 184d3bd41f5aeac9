"""Reference data that every decision may need, held in memory: staff, the rota, the policies with changed days."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, TypeVar

import msgspec
from msgspec.structs import replace
from sqlalchemy import Connection, Table, select

from supportdesk.sla.policy import Policy, in_force, with_days
from supportdesk.store import ledger, tables
from supportdesk.store.errors import DeskUnavailableError
from supportdesk.store.record_tables import record_key
from supportdesk.tickets.documents import Absence, Handover, Override, Person, Rotation, Swap, key_of
from supportdesk.tickets.record_undone import RecordUndone
from supportdesk.tickets.records.events import (
    AbsenceSaved,
    DayChanged,
    HandoverSaved,
    OverrideSaved,
    PersonSaved,
    PolicyInstalled,
    RecordEvent,
    RotationSaved,
    SwapSaved,
)
from supportdesk.tickets.rota.data import with_document
from supportdesk.tickets.rota.layers import with_rotation
from supportdesk.tickets.staff_data import StaffData

D = TypeVar("D")
N = TypeVar("N", Override, Swap, Absence, Handover)
R = TypeVar("R", bound=msgspec.Struct)

_ON_ROTA = {
    "rotation": "rotations",
    "override": "overrides",
    "swap": "swaps",
    "absence": "absences",
    "handover": "handovers",
}
"""The fields of the records that are identified by their key alone, by their kinds."""


class ReferenceData(StaffData, frozen=True):
    """The reference data as of event number `seq`.

    `installed` are the policies as they were installed, by version; `policies` have the changed days in them.
    """

    seq: int = -1
    installed: Mapping[str, Policy] = msgspec.field(default_factory=dict)
    days: tuple[DayChanged, ...] = ()

    def policy_at(self, at: datetime) -> Policy:
        """Return the version in force at an instant; before the first one's date of effect, the first.

        Raises DeskUnavailableError where no policy is installed.
        """
        policy = in_force(self.policies.values(), at)
        if policy is None:
            raise DeskUnavailableError("the desk has no policy yet: run `supportdesk init`")
        return policy


class ReferenceCache:
    """The reference data as loaded last; other processes may have changed it since."""

    def __init__(self, data: ReferenceData | None = None) -> None:
        self.data = data or ReferenceData()

    def refresh(self, connection: Connection) -> ReferenceData:
        """Return the reference data as this connection sees it, loaded again only where it changed."""
        data, seq = self.data, ledger.read_head(connection).records_seq
        if seq != data.seq:
            data = self.data = _load(connection, seq, data)
        return data


def _load(connection: Connection, seq: int, before: ReferenceData) -> ReferenceData:
    """Load the data at event number `seq`. Unchanged policies stay the same objects: calendars are slow to build."""
    installed = _documents(connection, tables.policies, Policy)
    days = tuple(_documents(connection, tables.changed_days, DayChanged).values())
    same = before.installed == installed and before.days == days
    return ReferenceData(
        seq=seq,
        staff=_documents(connection, tables.staff, Person),
        rotations=tuple(_documents(connection, tables.rotations, Rotation).values()),
        overrides=_by_number(_documents(connection, tables.overrides, Override).values()),
        swaps=_by_number(_documents(connection, tables.swaps, Swap).values()),
        absences=_by_number(_documents(connection, tables.absences, Absence).values()),
        handovers=_by_number(_documents(connection, tables.handovers, Handover).values()),
        installed=before.installed if same else installed,
        days=days,
        policies=before.policies if same else with_changed_days(installed, days),
        load_methods=before.load_methods,
    )


def apply_record_event(data: ReferenceData, event: RecordEvent) -> ReferenceData:
    """Return the reference data after a record event."""
    match event:
        case RecordUndone(was=None):
            return _remove_record(data, event)
        case RecordUndone(was=was) if was is not None:
            return apply_record_event(data, was)
        case PersonSaved(person):
            return replace(data, staff={**data.staff, person.username: person})
        case RotationSaved(rotation):
            return replace(data, rotations=with_rotation(data.rotations, rotation))
        case OverrideSaved() | SwapSaved() | AbsenceSaved() | HandoverSaved():
            return _change_rota(data, event)
        case PolicyInstalled(policy):
            installed = {**data.installed, policy.version: policy}
            return replace(data, installed=installed, policies=with_changed_days(installed, data.days))
        case DayChanged():
            others = [day for day in data.days if (day.calendar, day.day) != (event.calendar, event.day)]
            days = (*others, event)
            return replace(data, days=days, policies=with_changed_days(data.installed, days))
        case _:
            return data


def _change_rota(
    data: ReferenceData, event: OverrideSaved | SwapSaved | AbsenceSaved | HandoverSaved
) -> ReferenceData:
    match event:
        case OverrideSaved(override):
            return replace(data, overrides=with_document(data.overrides, override))
        case SwapSaved(swap):
            return replace(data, swaps=with_document(data.swaps, swap))
        case AbsenceSaved(absence):
            return replace(data, absences=with_document(data.absences, absence))
        case HandoverSaved(handover):
            return replace(data, handovers=with_document(data.handovers, handover))


def _remove_record(data: ReferenceData, event: RecordUndone) -> ReferenceData:
    """Return the reference data after a new record was removed."""
    match event.kind:
        case "person":
            return replace(data, staff=_without(data.staff, event.key))
        case kind if kind in _ON_ROTA:
            name = _ON_ROTA[kind]
            remaining: dict[str, Any] = {name: _without_key(getattr(data, name), event.key)}
            return replace(data, **remaining)
        case "policy":
            installed = _without(data.installed, event.key)
            return replace(data, installed=installed, policies=with_changed_days(installed, data.days))
        case "day":
            days = tuple(day for day in data.days if record_key(day) != event.key)
            return replace(data, days=days, policies=with_changed_days(data.installed, days))
        case _:
            return data


def _without(records: Mapping[str, D], key: str) -> dict[str, D]:
    return {each: value for each, value in records.items() if each != key}


def _without_key(documents: Iterable[R], key: str) -> tuple[R, ...]:
    return tuple(each for each in documents if key_of(each) != key)


def with_changed_days(installed: Mapping[str, Policy], days: Iterable[DayChanged]) -> dict[str, Policy]:
    """Return the policies with the days that were declared later in their calendars (rule 12)."""
    changed = tuple(days)
    return {version: with_days(policy, changed) for version, policy in installed.items()}


def _documents(connection: Connection, table: Table, document_type: type[D]) -> dict[str, D]:
    found = connection.execute(select(table.c.key, table.c.document).order_by(table.c.changed_seq))
    return {key: msgspec.json.decode(document, type=document_type) for key, document in found}


def _by_number(documents: Iterable[N]) -> tuple[N, ...]:
    return tuple(sorted(documents, key=lambda each: each.number))
