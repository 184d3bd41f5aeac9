"""Searches the records of a type by words in their keys and names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
from sqlalchemy import Connection, Table, Text, and_, func, or_, select, true
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.selectable import FromClause

from supportdesk.store import record_tables, tables
from supportdesk.store.read_models import Listed
from supportdesk.tickets.documents import Article, Contact, Document, Organisation, Person, Release, key_of
from supportdesk.tickets.folding import fold
from supportdesk.tickets.plain_text import clean_line

_LONGEST = 200
"""Characters of a typed text that are looked for."""

_companies = tables.organisations


class SearchTarget(msgspec.Struct, frozen=True):
    """Where records of a type are searched: the tables, the document column, the order and the searched columns."""

    source: FromClause
    documents: ColumnElement[str]
    order: tuple[ColumnElement[Any], ...]
    words: tuple[ColumnElement[str], ...]


def _target(table: Table, name: str) -> SearchTarget:
    key, named = table.c.key, table.c[name]
    return SearchTarget(table, table.c.document, (_folded(named), key), (key, named))


def _folded(column: ColumnElement[str]) -> ColumnElement[str]:
    """Return the column without case and accents, by a function that the backend defines on every connection."""
    return func.folded(column, type_=Text)


_TARGETS: Mapping[type[Document], SearchTarget] = {
    Person: _target(tables.staff, "name"),
    Organisation: _target(_companies, "name"),
    Contact: SearchTarget(
        tables.contacts.join(_companies, tables.contacts.c.organisation == _companies.c.key),
        tables.contacts.c.document,
        (_folded(tables.contacts.c.name), tables.contacts.c.key),
        (tables.contacts.c.key, tables.contacts.c.name, _companies.c.name),
    ),
    Release: SearchTarget(
        tables.releases,
        tables.releases.c.document,
        (tables.releases.c.day, tables.releases.c.key),
        (tables.releases.c.key,),
    ),
    Article: _target(tables.articles, "title"),
}


def search_records(connection: Connection, document_type: type[Document], text: str, limit: int) -> Listed:
    """Return the first records of a type that contain all words of a text, and the number of all."""
    where = _TARGETS[document_type]
    matching = and_(
        true(),
        *(
            or_(*(_folded(column).contains(word, autoescape=True) for column in where.words))
            for word in _typed_words(text)
        ),
    )
    count = connection.execute(select(func.count()).select_from(where.source).where(matching)).scalar_one()
    rows = connection.execute(
        select(where.documents).select_from(where.source).where(matching).order_by(*where.order).limit(limit)
    )
    found = tuple(msgspec.json.decode(document, type=document_type) for (document,) in rows)
    wanted = {each.organisation for each in found if isinstance(each, Contact)}
    companies = record_tables.load(connection, Organisation, wanted)
    return Listed(found, count, {key: each.name for key, each in companies.items()})


def search_records_among(
    known: Iterable[Document], companies: Mapping[str, Organisation], text: str, limit: int
) -> Listed:
    """Search records in memory; `companies` are the customers by key."""
    words = _typed_words(text)
    matching = sorted(
        (each for each in known if all(word in _searched_text(each, companies) for word in words)), key=_place
    )
    found = matching[:limit]
    wanted = {each.organisation for each in found if isinstance(each, Contact)}
    return Listed(
        tuple(found), len(matching), {key: companies[key].name for key in wanted if key in companies}
    )


def _typed_words(text: str) -> list[str]:
    """Return the folded words of a typed text, without characters that no database can compare."""
    return fold(clean_line(text, _LONGEST).text).split()


def _searched_text(document: Document, companies: Mapping[str, Organisation]) -> str:
    company = companies.get(document.organisation) if isinstance(document, Contact) else None
    names = (key_of(document), _name(document), company.name if company else "")
    return fold(" ".join(names))


def _name(document: Document) -> str:
    return str(getattr(document, "name", "") or getattr(document, "title", ""))


def _place(document: Document) -> tuple[str, str]:
    first = document.day.isoformat() if isinstance(document, Release) else fold(_name(document))
    return first, key_of(document)
