"""The records of the desk besides tickets, each type in a table of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import Any, TypeVar

import msgspec
from sqlalchemy import Connection, Select, Table, and_, bindparam, delete, insert, select, update

from supportdesk.sla.clocks import epoch
from supportdesk.store import tables
from supportdesk.store.documents import is_known
from supportdesk.store.errors import NewerDataError
from supportdesk.store.statements import fetch
from supportdesk.tickets.documents import (
    ERASED,
    ERASED_KEY,
    Article,
    Contact,
    DeskNotice,
    Organisation,
    Person,
    Release,
    key_of,
)
from supportdesk.tickets.folding import fold
from supportdesk.tickets.incoming_message import INCOMING_MESSAGE
from supportdesk.tickets.record_undone import RecordUndone
from supportdesk.tickets.records.events import (
    AbsenceSaved,
    ArticleSaved,
    CallMissed,
    ContactErased,
    ContactSaved,
    DayChanged,
    HandoverSaved,
    MessageAccounted,
    MessageSettled,
    NoticeEnded,
    NoticeSent,
    OrganisationSaved,
    OverrideSaved,
    PersonSaved,
    PolicyInstalled,
    RecordEvent,
    ReleaseSaved,
    RotationSaved,
    SwapSaved,
    VoicemailHeard,
    VoicemailTranscribed,
)

D = TypeVar("D", Person, Organisation, Contact, Release, Article, DeskNotice)


class RecordTable(msgspec.Struct, frozen=True):
    """Where a type of record is stored. `subject` is its name in the ledger, `of` takes the record out of its event.

    `columns` returns the stored values beside the document, by column, including the key. `in_memory` says that every
    desk holds the whole table in memory and reloads it when it changes.
    """

    subject: str
    table: Table
    of: Callable[[Any], msgspec.Struct]
    columns: Callable[[Any], dict[str, Any]]
    in_memory: bool = False
    is_first: bool = False
    """Whether an event of this type is always the first one of its record, so that there is nothing to replace."""


_NOTICES = RecordTable(
    "notice",
    tables.notices,
    lambda event: event.notice,
    lambda notice: {"key": notice.key},
)

_CONTACTS = RecordTable(
    "contact",
    tables.contacts,
    lambda event: event.contact,
    lambda contact: {"key": contact.key, "organisation": contact.organisation, "name": contact.name},
)

_MESSAGES = RecordTable(
    INCOMING_MESSAGE,
    tables.incoming_messages,
    lambda event: event.message,
    lambda message: {
        "key": message.key,
        "source": message.source,
        "state": message.state.value,
        "received_at": epoch(message.received_at),
        "message_id": message.message_id,
        "content_digest": message.content_digest,
        "ref": message.ref,
        "contact": message.contact,
    },
)

RECORD_TABLES: Mapping[type[RecordEvent], RecordTable] = {
    PersonSaved: RecordTable(
        "person",
        tables.staff,
        lambda event: event.person,
        lambda person: {"key": person.username, "name": person.name},
        in_memory=True,
    ),
    OrganisationSaved: RecordTable(
        "organisation",
        tables.organisations,
        lambda event: event.organisation,
        lambda organisation: {"key": organisation.key, "name": organisation.name},
    ),
    # Texts that desks hold in memory may have been erased with the contact.
    ContactErased: msgspec.structs.replace(_CONTACTS, in_memory=True),
    ContactSaved: _CONTACTS,
    ReleaseSaved: RecordTable(
        "release",
        tables.releases,
        lambda event: event.release,
        lambda release: {"key": release.key, "day": release.day},
    ),
    ArticleSaved: RecordTable(
        "article",
        tables.articles,
        lambda event: event.article,
        lambda article: {"key": article.key, "title": article.title},
    ),
    RotationSaved: RecordTable(
        "rotation",
        tables.rotations,
        lambda event: event.rotation,
        lambda rotation: {"key": key_of(rotation)},
        in_memory=True,
    ),
    OverrideSaved: RecordTable(
        "override",
        tables.overrides,
        lambda event: event.override,
        lambda override: {"key": key_of(override)},
        in_memory=True,
    ),
    SwapSaved: RecordTable(
        "swap",
        tables.swaps,
        lambda event: event.swap,
        lambda swap: {"key": key_of(swap)},
        in_memory=True,
    ),
    AbsenceSaved: RecordTable(
        "absence",
        tables.absences,
        lambda event: event.absence,
        lambda absence: {"key": key_of(absence)},
        in_memory=True,
    ),
    HandoverSaved: RecordTable(
        "handover",
        tables.handovers,
        lambda event: event.handover,
        lambda handover: {"key": key_of(handover)},
        in_memory=True,
    ),
    NoticeSent: _NOTICES,
    NoticeEnded: _NOTICES,
    MessageAccounted: msgspec.structs.replace(_MESSAGES, is_first=True),
    CallMissed: msgspec.structs.replace(_MESSAGES, is_first=True),
    MessageSettled: _MESSAGES,
    VoicemailHeard: _MESSAGES,
    VoicemailTranscribed: _MESSAGES,
    PolicyInstalled: RecordTable(
        "policy",
        tables.policies,
        lambda event: event.policy,
        lambda policy: {"key": policy.version, "effective": epoch(policy.effective)},
        in_memory=True,
    ),
    DayChanged: RecordTable(
        "day",
        tables.changed_days,
        lambda event: event,
        lambda change: {
            "key": f"{change.calendar} {change.day}",
            "calendar": change.calendar,
            "day": change.day,
        },
        in_memory=True,
    ),
}

_TABLES: Mapping[type, Table] = {
    Person: tables.staff,
    Organisation: tables.organisations,
    Contact: tables.contacts,
    Release: tables.releases,
    Article: tables.articles,
    DeskNotice: tables.notices,
}

BY_SUBJECT: Mapping[str, RecordTable] = {
    record_table.subject: record_table for record_table in RECORD_TABLES.values()
}
"""The same tables by the types' names in the ledger; of several for a type, the last."""

IS_ERASED = and_(
    tables.contacts.c.name == ERASED, tables.contacts.c.key.startswith(ERASED_KEY, autoescape=True)
)
"""The condition for contacts who were erased; see `Contact.is_erased`."""


def find_table(event: RecordEvent) -> RecordTable:
    """Return the table of an event's record."""
    return BY_SUBJECT[event.kind] if isinstance(event, RecordUndone) else RECORD_TABLES[type(event)]


def record_key(event: RecordEvent) -> str:
    """Return the key of an event's record, as its table has it."""
    if isinstance(event, RecordUndone):
        return event.key
    record_table = RECORD_TABLES[type(event)]
    return str(record_table.columns(record_table.of(event))["key"])


def make_row(event: RecordEvent, seq: int) -> dict[str, Any]:
    """Return the row of an event's document; `seq` is the event's number."""
    record_table = RECORD_TABLES[type(event)]
    document = record_table.of(event)
    return {
        **record_table.columns(document),
        "document": msgspec.json.encode(document).decode(),
        "changed_seq": seq,
    }


def find_empty_field(event: RecordEvent) -> str | None:
    """Return the name of a required text that is empty; None where none is."""
    record_table = RECORD_TABLES[type(event)]
    return next(
        (name for name, value in record_table.columns(record_table.of(event)).items() if value == ""), None
    )


def save(connection: Connection, event: RecordEvent, seq: int) -> None:
    """Save the document of an event, replacing an earlier one with its key."""
    record_table, row = RECORD_TABLES[type(event)], make_row(event, seq)
    table = record_table.table
    if not record_table.is_first:
        saved = connection.execute(update(table).where(table.c.key == row["key"]).values(row))
        if saved.rowcount:
            return
    connection.execute(insert(table).values(row))


def refuse_loss(connection: Connection, event: RecordEvent) -> None:
    """Raise NewerDataError where the stored document has something that this program does not know."""
    record_table, key = find_table(event), record_key(event)
    table = record_table.table
    stored = connection.execute(select(table.c.document).where(table.c.key == key)).scalar()
    if stored is None:
        return
    document = msgspec.json.decode(stored, type=_document_type(record_table.subject))
    if not is_known(stored, document):
        raise NewerDataError(f"the {record_table.subject} {key}")


def _document_type(subject: str) -> Any:
    """Return the type of the documents of a type of record: what its events contain."""
    saved = next(each for each, table in RECORD_TABLES.items() if table.subject == subject)
    return saved if saved is DayChanged else msgspec.structs.fields(saved)[0].type


def remove(connection: Connection, event: RecordEvent) -> None:
    """Remove the document of an event."""
    table = find_table(event).table
    connection.execute(delete(table).where(table.c.key == record_key(event)))


def load(connection: Connection, document_type: type[D], keys: Iterable[str]) -> dict[str, D]:
    """Return the documents of a type with these keys, by key; unknown keys are left out."""
    wanted = {key for key in keys if key}
    if not wanted:
        return {}
    found: Iterable[Sequence[Any]]
    if len(wanted) == 1:
        found = fetch(connection, _select_one(document_type), {"wanted": wanted.pop()})
    else:
        found = connection.execute(_select_several(document_type), {"wanted": sorted(wanted)})
    return {key: msgspec.json.decode(document, type=document_type) for key, document in found}


@cache
def _select_one(document_type: type) -> Select[Any]:
    """Return the query for one key, which is by far the fastest, because its text is always the same."""
    table = _TABLES[document_type].c
    return select(table.key, table.document).where(table.key == bindparam("wanted"))


@cache
def _select_several(document_type: type) -> Select[Any]:
    table = _TABLES[document_type].c
    return select(table.key, table.document).where(table.key.in_(bindparam("wanted", expanding=True)))


def load_all(connection: Connection, document_type: type[D]) -> dict[str, D]:
    """Return every document of a type, by key and in the keys' order."""
    table = _TABLES[document_type]
    found = connection.execute(select(table.c.key, table.c.document).order_by(table.c.key))
    return {key: msgspec.json.decode(document, type=document_type) for key, document in found}


def load_notices(connection: Connection, prefix: str) -> list[DeskNotice]:
    """Return the notices whose keys begin with a text, in the order in which they were sent."""
    table = tables.notices.c
    query = select(table.document).where(table.key.startswith(prefix, autoescape=True))
    found = [
        msgspec.json.decode(document, type=DeskNotice) for document in connection.execute(query).scalars()
    ]
    return sorted(found, key=lambda each: (each.made_at, each.key))


def load_contacts(connection: Connection, organisation: str) -> list[Contact]:
    """Return the contacts of an organisation by name, without those who were erased."""
    found = fetch(connection, _select_contacts(), {"wanted": organisation})
    contacts = (
        contact
        for (document,) in found
        if not (contact := msgspec.json.decode(document, type=Contact)).is_erased
    )
    return sorted(contacts, key=lambda each: (fold(each.name), each.key))


def load_contacts_with_email(connection: Connection, address: str) -> list[Contact]:
    """Return the contacts who have an email address, whatever its case, by key; none for an empty one."""
    if not address:
        return []
    table = tables.contacts.c
    # A database folds ASCII letters only. What stands before the first other one is looked for.
    begin = next((place for place, each in enumerate(address) if not each.isascii() or each in '\\"'), None)
    holds = select(table.document).where(table.document.icontains(address[:begin], autoescape=True))
    found = (msgspec.json.decode(document, type=Contact) for (document,) in connection.execute(holds))
    return sorted((each for each in found if each.has_email(address)), key=lambda each: each.key)


@cache
def _select_contacts() -> Select[Any]:
    table = tables.contacts.c
    return select(table.document).where(table.organisation == bindparam("wanted"))
