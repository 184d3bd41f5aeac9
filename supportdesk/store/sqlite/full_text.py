"""The words of tickets, articles and contacts in SQLite's full-text index (FTS5): this module implements `FullText`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Integer,
    MetaData,
    Table,
    Text,
    bindparam,
    delete,
    func,
    insert,
    literal_column,
    not_,
    select,
    update,
)
from sqlalchemy.sql import ColumnElement

from supportdesk.store import tables
from supportdesk.store.errors import DeskUnavailableError
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
"""Separate from that of the tables, as SQLAlchemy cannot create these."""

ticket_words = Table(
    "ticket_words",
    _metadata,
    Column("rowid", Integer),
    Column("ref", Text, primary_key=True),
    Column("organisation", Text),
    Column("summary", Text),
    Column("description", Text),
)
"""Row numbers are those of the references. In all indexes the searched texts are `spaced`."""

article_words = Table(
    "article_words",
    _metadata,
    Column("rowid", Integer),
    Column("key", Text, primary_key=True),
    Column("title", Text),
    Column("text", Text),
)
"""Row numbers are those of the events that saved the articles. `title` includes the key."""

contact_words = Table(
    "contact_words",
    _metadata,
    Column("rowid", Integer),
    Column("key", Text, primary_key=True),
    Column("name", Text),
    Column("company", Text),
    Column("numbers", Text),
)
"""Row numbers are those of the events that saved the contacts. `numbers` are reversed endings of telephone numbers."""

SEARCH = "full text (FTS5)"
"""The type of index, as `supportdesk doctor` shows it."""

INDEXES = (ticket_words, article_words, contact_words)

_TITLE_WEIGHT = 4.0
_SUMMARY_WEIGHT = 2.0
_LIKELY = 100
"""How many of the closest candidates with a shared word are compared word by word."""

_tickets, _contacts, _articles = tables.tickets.c, tables.contacts.c, tables.articles.c

_INSERT_TICKETS = insert(ticket_words)


def require_fts5(connection: Connection) -> None:
    """Raise DeskUnavailableError where SQLite has no full-text search: what it writes could not be found."""
    modules = connection.exec_driver_sql("SELECT name FROM pragma_module_list").scalars()
    if "fts5" not in modules.all():
        raise DeskUnavailableError(
            "this Python's SQLite has no full-text search (FTS5), which a desk needs: use a Python"
            " whose SQLite has it, such as the one of python.org, Debian, Homebrew or uv"
        )


def make_ticket_row(ticket: Ticket) -> dict[str, Any]:
    """Return the row of `ticket_words` for a ticket, which is written once, as the request never changes."""
    return {
        "rowid": reference.number(ticket.ref),
        "ref": ticket.ref,
        "organisation": ticket.organisation,
        "summary": spaced(ticket.summary),
        "description": spaced(ticket.description),
    }


def make_article_row(article: Article, seq: int) -> dict[str, Any]:
    """Return the row of `article_words` for an article saved by event number `seq`."""
    title = spaced(f"{article.key} {article.title}")
    return {"rowid": seq, "key": article.key, "title": title, "text": spaced(article.text)}


def make_contact_row(contact: Contact, company: str, seq: int) -> dict[str, Any]:
    """Return the row of `contact_words` for a contact saved by event number `seq`; `company` is a name.

    By the row of one who was erased nobody is found.
    """
    if contact.is_erased:
        return {"rowid": seq, "key": contact.key, "name": "", "company": "", "numbers": ""}
    from supportdesk.tickets import telephone

    numbers = " ".join(telephone.endings(contact.telephone))
    return {
        "rowid": seq,
        "key": contact.key,
        "name": spaced(contact.name),
        "company": spaced(company),
        "numbers": numbers,
    }


def index_tickets(connection: Connection, tickets: Iterable[Ticket]) -> None:
    """Add new tickets to `ticket_words`."""
    rows = [make_ticket_row(ticket) for ticket in tickets]
    if rows:
        connection.execute(_INSERT_TICKETS, rows)


def reindex_tickets(connection: Connection, tickets: Iterable[Ticket]) -> None:
    """Replace the rows of tickets in `ticket_words`, whose requests were erased in part."""
    renewed = list(tickets)
    for ticket in renewed:
        connection.execute(delete(ticket_words).where(ticket_words.c.rowid == reference.number(ticket.ref)))
    index_tickets(connection, renewed)


def remove_record(connection: Connection, event: RecordEvent) -> None:
    """Remove a record from its index, before an event replaces or removes it."""
    match event:
        case ContactSaved(contact) | ContactErased(contact):
            _remove(connection, contact_words, tables.contacts, contact.key)
        case ArticleSaved(article):
            _remove(connection, article_words, tables.articles, article.key)
        case RecordUndone(kind="contact", key=key):
            _remove(connection, contact_words, tables.contacts, key)
        case RecordUndone(kind="article", key=key):
            _remove(connection, article_words, tables.articles, key)


def _remove(connection: Connection, index: Table, table: Table, key: str) -> None:
    seq = connection.execute(select(table.c.changed_seq).where(table.c.key == key)).scalar()
    if seq is not None:
        connection.execute(delete(index).where(index.c.rowid == seq))


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
            company = spaced(organisation.name)
            theirs = select(_contacts.changed_seq).where(
                _contacts.organisation == organisation.key, not_(IS_ERASED)
            )
            connection.execute(
                update(contact_words)
                .where(contact_words.c.rowid.in_(theirs), contact_words.c.company != company)
                .values(company=company)
            )


def find_similar_tickets(
    connection: Connection, query: Query, organisation: str | None, limit: int
) -> list[QueueRow]:
    """Return the open tickets that share enough words with a query, the closest first."""
    if not query.words:
        return []
    wanted = f"{{summary description}} : ({_any_of(query)})"
    found = (
        select(ticket_words.c.summary + " " + ticket_words.c.description, *ROW_COLUMNS)
        .join(ticket_words, ticket_words.c.ref == _tickets.ref)
        .where(_match(ticket_words, wanted), _tickets.in_queue.is_(True))
        .order_by(_rank(ticket_words, 0, 0, _SUMMARY_WEIGHT, 1), _tickets.ref)
        .limit(_LIKELY)
    )
    if organisation is not None:
        found = found.where(_tickets.organisation == organisation)
    likely = (
        read_row(columns)
        for said, *columns in connection.execute(found)
        if query.matches(said, TICKET_WORDS_PER_HIT)
    )
    return list(islice(likely, limit))


def find_similar_articles(connection: Connection, query: Query, limit: int) -> list[str]:
    """Return the keys of the articles that share enough words with a query, the closest first."""
    if not query.words:
        return []
    columns = article_words.c
    found = connection.execute(
        select(columns.key, columns.title + " " + columns.text)
        .where(_match(article_words, _any_of(query)))
        .order_by(_rank(article_words, 0, _TITLE_WEIGHT, 1), columns.key)
        .limit(_LIKELY)
    )
    likely = (key for key, said in found if query.matches(said, ARTICLE_WORDS_PER_HIT))
    return list(islice(likely, limit))


def find_contacts_by_prefix(connection: Connection, words: Sequence[str], limit: int) -> list[str]:
    """Return the keys of the contacts whose names or companies have, for each word, a word that begins with it."""
    if not words:
        return []
    wanted = " AND ".join(f"{_quoted(word)}*" for word in words)
    return _contacts_matching(connection, f"{{name company}} : ({wanted})", limit)


def find_contacts_by_ending(connection: Connection, ending: str, limit: int) -> list[str]:
    """Return the keys of the contacts with a telephone number that ends so; `ending` is reversed."""
    return _contacts_matching(connection, f"{{numbers}} : {_quoted(ending)}*", limit)


def _contacts_matching(connection: Connection, wanted: str, limit: int) -> list[str]:
    found = select(contact_words.c.key).where(_match(contact_words, wanted)).limit(limit)
    return list(connection.execute(found).scalars())


def _match(index: Table, wanted: str) -> ColumnElement[bool]:
    return literal_column(index.name).op("MATCH")(bindparam(None, wanted))


def _rank(index: Table, *weights: float) -> ColumnElement[float]:
    return func.bm25(literal_column(index.name), *weights)


def _any_of(query: Query) -> str:
    *before, last = map(_quoted, query.words)
    return " OR ".join([*before, f"{last}*" if query.half_typed else last])


def _quoted(word: str) -> str:
    """Return a word as the index expects it. Nothing in it is an operator: `spaced` removes all punctuation."""
    return f'"{spaced(word)}"'
