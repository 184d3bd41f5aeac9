"""The words of tickets, articles and contacts in vectors of PostgreSQL: this module implements `FullText`.

The server makes the vectors from the texts itself (generated columns), so that the two cannot differ. Of a text that is
longer than a vector allows, only the beginning of each word counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

import msgspec
from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    Integer,
    MetaData,
    Select,
    Table,
    Text,
    delete,
    func,
    insert,
    not_,
    or_,
    select,
    update,
)

from supportdesk.store import tables
from supportdesk.store.postgres import bm25
from supportdesk.store.postgres.bm25 import make_phrase
from supportdesk.store.ranking import ARTICLE_WORDS_PER_HIT, TICKET_WORDS_PER_HIT
from supportdesk.store.read_models import QueueRow
from supportdesk.store.record_tables import IS_ERASED
from supportdesk.store.ticket_projection import ROW_COLUMNS, read_row
from supportdesk.store.tokens import Query
from supportdesk.tickets import reference
from supportdesk.tickets.documents import Article, Contact
from supportdesk.tickets.folding import spaced
from supportdesk.tickets.record_undone import RecordUndone
from supportdesk.tickets.records.events import (
    ArticleSaved,
    ContactErased,
    ContactSaved,
    OrganisationSaved,
    RecordEvent,
)
from supportdesk.tickets.ticket import Ticket

_metadata = MetaData()
"""Separate from that of the tables: another database has other columns here."""

ticket_words = Table(
    "ticket_words",
    _metadata,
    Column("number", BigInteger),
    Column("ref", Text, primary_key=True),
    Column("organisation", Text),
    Column("summary", Text),
    Column("description", Text),
)
"""Numbers are those of the references. In all indexes the searched texts are `spaced`."""

article_words = Table(
    "article_words",
    _metadata,
    Column("number", BigInteger),
    Column("key", Text, primary_key=True),
    Column("title", Text),
    Column("text", Text),
)
"""Numbers are those of the events that saved the articles. `title` includes the key."""

contact_words = Table(
    "contact_words",
    _metadata,
    Column("number", BigInteger),
    Column("key", Text, primary_key=True),
    Column("name", Text),
    Column("company", Text),
    Column("numbers", Text),
)
"""Numbers are those of the events that saved the contacts. `numbers` are reversed endings of telephone numbers."""

SEARCH = "full text (tsvector)"
"""The type of index, as `supportdesk doctor` shows it."""

INDEXES = (ticket_words, article_words, contact_words)

_VECTOR, _NUMBERS = Column("words", Text), Column("number_words", Text)
_SIZE = Column("size", Integer)
_TITLE_WEIGHT = 4.0
_SUMMARY_WEIGHT = 2.0
_LIKELY = 100
"""How many of the closest candidates with a shared word are compared word by word."""
_LONGEST_WORD = 500
"""Characters of a word that are kept: a vector takes 2,046 bytes."""

_tickets, _contacts, _articles = tables.tickets.c, tables.contacts.c, tables.articles.c

_INSERT_TICKETS = insert(ticket_words)


def make_ticket_row(ticket: Ticket) -> dict[str, Any]:
    """Return the row of `ticket_words` for a ticket, which is written once, as the request never changes."""
    return {
        "number": reference.number(ticket.ref),
        "ref": ticket.ref,
        "organisation": ticket.organisation,
        "summary": _words(ticket.summary),
        "description": _words(ticket.description),
    }


def make_article_row(article: Article, seq: int) -> dict[str, Any]:
    """Return the row of `article_words` for an article saved by event number `seq`."""
    title = _words(f"{article.key} {article.title}")
    return {"number": seq, "key": article.key, "title": title, "text": _words(article.text)}


def make_contact_row(contact: Contact, company: str, seq: int) -> dict[str, Any]:
    """Return the row of `contact_words` for a contact saved by event number `seq`; `company` is a name.

    By the row of one who was erased nobody is found.
    """
    if contact.is_erased:
        return {"number": seq, "key": contact.key, "name": "", "company": "", "numbers": ""}
    from supportdesk.tickets import telephone

    return {
        "number": seq,
        "key": contact.key,
        "name": _words(contact.name),
        "company": _words(company),
        "numbers": " ".join(telephone.endings(contact.telephone)),
    }


def _words(text: str) -> str:
    found = spaced(text)
    if len(found) <= _LONGEST_WORD:
        return found
    return " ".join(word[:_LONGEST_WORD] for word in found.split(" "))


def index_tickets(connection: Connection, tickets: Iterable[Ticket]) -> None:
    """Add new tickets to `ticket_words`."""
    rows = [make_ticket_row(ticket) for ticket in tickets]
    if rows:
        connection.execute(_INSERT_TICKETS, rows)


def reindex_tickets(connection: Connection, tickets: Iterable[Ticket]) -> None:
    """Replace the rows of tickets in `ticket_words`, whose requests were erased in part."""
    renewed = list(tickets)
    for ticket in renewed:
        connection.execute(delete(ticket_words).where(ticket_words.c.ref == ticket.ref))
    index_tickets(connection, renewed)


def remove_record(connection: Connection, event: RecordEvent) -> None:
    """Remove a record from its index, before an event replaces or removes it."""
    match event:
        case ContactSaved(contact) | ContactErased(contact):
            _remove(connection, contact_words, contact.key)
        case ArticleSaved(article):
            _remove(connection, article_words, article.key)
        case RecordUndone(kind="contact", key=key):
            _remove(connection, contact_words, key)
        case RecordUndone(kind="article", key=key):
            _remove(connection, article_words, key)


def _remove(connection: Connection, index: Table, key: str) -> None:
    connection.execute(delete(index).where(index.c.key == key))


def index_record(connection: Connection, event: RecordEvent, seq: int) -> None:
    """Index the record that the event number `seq` saved."""
    match event:
        case ContactSaved(contact) | ContactErased(contact):
            named = select(tables.organisations.c.name).where(
                tables.organisations.c.key == contact.organisation
            )
            company = str(connection.execute(named).scalar())
            connection.execute(insert(contact_words), make_contact_row(contact, company, seq))
        case ArticleSaved(article):
            connection.execute(insert(article_words), make_article_row(article, seq))
        case OrganisationSaved(organisation):
            company = _words(organisation.name)
            theirs = select(_contacts.key).where(_contacts.organisation == organisation.key, not_(IS_ERASED))
            connection.execute(
                update(contact_words)
                .where(contact_words.c.key.in_(theirs), contact_words.c.company != company)
                .values(company=company)
            )


class _Searched(msgspec.Struct, frozen=True):
    """An index that is searched, its texts with their weights, and what puts equally close rows in order."""

    index: Table
    weighted: Sequence[tuple[ColumnElement[str], float]]
    tie: ColumnElement[str]

    def find(self, connection: Connection, query: Query, rows: Select[Any]) -> Iterable[Sequence[Any]]:
        """Return those of the rows that have a word of the query, the closest first."""
        if not query.words:
            return []
        *before, last = query.words
        phrases = [*map(make_phrase, before), make_phrase(last, is_prefix=query.half_typed)]
        having = [bm25.contains(_VECTOR, [text for text, _ in self.weighted], phrase) for phrase in phrases]
        total, size, *counts = connection.execute(self._count(having)).one()
        if not any(counts):
            return []
        weights = [bm25.weigh(total, count) for count in counts]
        frequencies = [bm25.frequency(self.weighted, phrase) for phrase in phrases]
        score = bm25.score(frequencies, weights, _SIZE, float(size) / total)
        return connection.execute(rows.where(or_(*having)).order_by(score.desc(), self.tie).limit(_LIKELY))

    def _count(self, having: Iterable[ColumnElement[bool]]) -> Select[Any]:
        """Return the query for the number of texts, of all their words, and of the texts with each phrase."""
        counted = (
            select(func.count()).select_from(self.index).where(each).scalar_subquery() for each in having
        )
        return select(func.count(), func.coalesce(func.sum(_SIZE), 0), *counted).select_from(self.index)


_TICKETS = _Searched(
    ticket_words,
    ((ticket_words.c.summary, _SUMMARY_WEIGHT), (ticket_words.c.description, 1.0)),
    _tickets.ref,
)
_ARTICLES = _Searched(
    article_words,
    ((article_words.c.title, _TITLE_WEIGHT), (article_words.c.text, 1.0)),
    article_words.c.key,
)


def find_similar_tickets(
    connection: Connection, query: Query, organisation: str | None, limit: int
) -> list[QueueRow]:
    """Return the open tickets that share enough words with a query, the closest first."""
    words = ticket_words.c
    open_ones = (
        select(words.summary + " " + words.description, *ROW_COLUMNS)
        .join(ticket_words, words.ref == _tickets.ref)
        .where(_tickets.in_queue.is_(True))
    )
    if organisation is not None:
        open_ones = open_ones.where(_tickets.organisation == organisation)
    found = _TICKETS.find(connection, query, open_ones)
    likely = (read_row(columns) for said, *columns in found if query.matches(said, TICKET_WORDS_PER_HIT))
    return list(islice(likely, limit))


def find_similar_articles(connection: Connection, query: Query, limit: int) -> list[str]:
    """Return the keys of the articles that share enough words with a query, the closest first."""
    words = article_words.c
    found = _ARTICLES.find(connection, query, select(words.key, words.title + " " + words.text))
    likely = (key for key, said in found if query.matches(said, ARTICLE_WORDS_PER_HIT))
    return list(islice(likely, limit))


def find_contacts_by_prefix(connection: Connection, words: Sequence[str], limit: int) -> list[str]:
    """Return the keys of the contacts whose names or companies have, for each word, a word that begins with it."""
    if not words:
        return []
    texts = [contact_words.c.name, contact_words.c.company]
    phrases = [make_phrase(word, is_prefix=True) for word in words]
    return _contacts_with([bm25.contains(_VECTOR, texts, phrase) for phrase in phrases], connection, limit)


def find_contacts_by_ending(connection: Connection, ending: str, limit: int) -> list[str]:
    """Return the keys of the contacts with a telephone number that ends so; `ending` is reversed."""
    phrase = make_phrase(ending, is_prefix=True)
    return _contacts_with([bm25.contains(_NUMBERS, [contact_words.c.numbers], phrase)], connection, limit)


def _contacts_with(
    conditions: Sequence[ColumnElement[bool]], connection: Connection, limit: int
) -> list[str]:
    words = contact_words.c
    found = select(words.key).where(*conditions).order_by(words.number).limit(limit)
    return list(connection.execute(found).scalars())
