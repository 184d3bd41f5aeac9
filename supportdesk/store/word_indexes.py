"""Makes the full-text indexes again from the tables, in whatever kind of database they are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
from sqlalchemy import Connection, Table, delete, insert, select

from supportdesk.store import tables
from supportdesk.store.backend import full_text
from supportdesk.store.ticket_projection import read_state
from supportdesk.tickets.documents import Article, Contact

_contacts, _articles = tables.contacts.c, tables.articles.c


def rebuild_word_indexes(connection: Connection) -> None:
    """Empty every full-text index and fill it from the tables."""
    index = full_text(connection)
    contacts = connection.execute(
        select(_contacts.document, tables.organisations.c.name, _contacts.changed_seq).join(
            tables.organisations, tables.organisations.c.key == _contacts.organisation
        )
    )
    _fill(
        connection,
        index.contact_words,
        (
            index.make_contact_row(msgspec.json.decode(document, type=Contact), company, seq)
            for document, company, seq in contacts
        ),
    )
    articles = connection.execute(select(_articles.document, _articles.changed_seq))
    _fill(
        connection,
        index.article_words,
        (
            index.make_article_row(msgspec.json.decode(document, type=Article), seq)
            for document, seq in articles
        ),
    )
    states = connection.execute(select(tables.tickets.c.state)).scalars()
    _fill(connection, index.ticket_words, (index.make_ticket_row(read_state(state)) for state in states))


def _fill(connection: Connection, words: Table, rows: Iterable[Mapping[str, Any]]) -> None:
    connection.execute(delete(words))
    listed = list(rows)
    if listed:
        connection.execute(insert(words), listed)
