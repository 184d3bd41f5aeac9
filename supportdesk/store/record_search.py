"""Searches the records of a type by words in their keys and names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import msgspec
from sqlalchemy import Column, ColumnElement, Connection, Table, not_, select, true
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
    """Where records of a type are searched: their keys, the names or days that sort them, and other texts.

    Only rows with `condition` are found.
    """

    table: Table
    source: FromClause
    order: Column[Any]
    others: tuple[Column[str], ...] = ()
    condition: ColumnElement[bool] = true()


def _target(table: Table, name: str) -> SearchTarget:
    return SearchTarget(table, table, table.c[name])


_TARGETS: Mapping[type[Document], SearchTarget] = {
    Person: _target(tables.staff, "name"),
    Organisation: _target(_companies, "name"),
    Contact: SearchTarget(
        tables.contacts,
        tables.contacts.join(_companies, tables.contacts.c.organisation == _companies.c.key),
        tables.contacts.c.name,
        (_companies.c.name,),
        not_(record_tables.IS_ERASED),
    ),
    Release: _target(tables.releases, "day"),
    Article: _target(tables.articles, "title"),
}


def search_records(connection: Connection, document_type: type[Document], text: str, limit: int) -> Listed:
    """Return the first records of a type that contain all words of a text, and the number of all.

    No database folds as the program does: the names are compared here, and the documents of the first ones loaded.
    """
    where, words = _TARGETS[document_type], _typed_words(text)
    query = select(where.table.c.key, where.order, *where.others).select_from(where.source)
    rows = connection.execute(query.where(where.condition))
    matching = sorted(filter(None, (_match(words, *row) for row in rows)))
    keys = [key for _, key in matching[:limit]]
    loaded: Mapping[str, Document] = record_tables.load(connection, document_type, keys)  # type: ignore[type-var]
    found = tuple(loaded[key] for key in keys)
    wanted = {each.organisation for each in found if isinstance(each, Contact)}
    companies = record_tables.load(connection, Organisation, wanted)
    return Listed(found, len(matching), {key: each.name for key, each in companies.items()})


def _match(words: Sequence[str], key: str, order: str | date, *others: str) -> tuple[str, str] | None:
    """Return the place of a record that has every word in one of its texts; None for any other."""
    place = order.isoformat() if isinstance(order, date) else fold(order)
    texts = [fold(key), *([] if isinstance(order, date) else [place]), *map(fold, others)]
    return (place, key) if all(any(word in each for each in texts) for word in words) else None


def search_records_among(
    known: Iterable[Document], companies: Mapping[str, Organisation], text: str, limit: int
) -> Listed:
    """Search records in memory; `companies` are the customers by key."""
    words = _typed_words(text)
    matching = sorted(
        (
            each
            for each in known
            if not (isinstance(each, Contact) and each.is_erased)
            and all(word in _searched_text(each, companies) for word in words)
        ),
        key=_place,
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
