"""The search over all types of records at once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import msgspec

from supportdesk.console.directory.record_types import (
    CONTACTS,
    RECORD_TYPES,
    ROTA,
    RecordEntry,
    RecordType,
    gap_entry,
)
from supportdesk.desk_api import DeskReader, Searches
from supportdesk.store.read_models import Roster
from supportdesk.tickets.folding import fold
from supportdesk.tickets.rota.duty import find_duty_gaps
from supportdesk.tickets.rota.layers import find_rotation

LIMIT = 200
"""The most records shown per type; to see others, the operator types a query."""


class SearchResult(msgspec.Struct, frozen=True):
    """The result of a search: by title of the type, the first records, and how many match."""

    roster: Roster
    entries: Mapping[str, tuple[RecordEntry, ...]]
    counts: Mapping[str, int]


def search_records(desk: DeskReader, text: str) -> SearchResult:
    """Return the records that match a text. Blocks."""
    roster = desk.roster()
    found = {record_type.title: _search(desk, record_type, roster, text) for record_type in RECORD_TYPES}
    return SearchResult(
        roster,
        {title: entries for title, (entries, _) in found.items()},
        {title: count for title, (_, count) in found.items()},
    )


def _search(
    desk: DeskReader, record_type: RecordType, roster: Roster, text: str
) -> tuple[tuple[RecordEntry, ...], int]:
    if record_type is ROTA:
        now = desk.now()
        rota_lines = _rota_lines(roster, text, now, desk.policy_at(now).timezone)
        return rota_lines, len(rota_lines)
    listed = desk.find_records(record_type.document_type, text, LIMIT)
    if record_type is CONTACTS and not listed.count:
        return _find_callers(desk, record_type, roster, text)
    companies = listed.companies
    entries = (
        record_type.entry(each, roster, companies.get(getattr(each, "organisation", ""), ""))
        for each in listed.documents
    )
    return tuple(entries), listed.count


def _find_callers(
    desk: Searches, record_type: RecordType, roster: Roster, text: str
) -> tuple[tuple[RecordEntry, ...], int]:
    """Return contacts by their number, or by a misspelt name."""
    callers = desk.find_callers(text, LIMIT)
    entries = tuple(record_type.entry(each.contact, roster, each.organisation.name) for each in callers)
    return entries, len(callers)


def _rota_lines(roster: Roster, text: str, now: datetime, zone: str) -> tuple[RecordEntry, ...]:
    """Return the gaps in which nobody is on call, and the members of the current and the planned rotations."""
    data = roster.reference_data
    current = find_rotation(data.rotations, now)
    planned = [each for each in data.rotations if each.starts > now]
    members = (name for each in (current, *planned) if each is not None for name in each.members)
    rota_lines = (
        *(gap_entry(each, zone, now) for each in find_duty_gaps(data, now)),
        *(ROTA.entry(username, roster, "") for username in dict.fromkeys(members)),
    )
    words = fold(text).split()
    return tuple(
        each for each in rota_lines if all(word in fold(f"{each.name} {each.key}") for word in words)
    )
