"""Finds what the operator typed by the indexes; all records are only searched where the indexes find nothing."""

from __future__ import annotations

from sqlalchemy import Connection, not_, select

from supportdesk.store import caller_ranking as likeliest
from supportdesk.store import ranking, record_tables, tables
from supportdesk.store.backend import full_text
from supportdesk.store.fuzzy import find_fuzzy_matches
from supportdesk.store.read_models import Caller
from supportdesk.store.tokens import parse_query
from supportdesk.store.tokens import unique_words as typed_words
from supportdesk.tickets import telephone
from supportdesk.tickets.documents import Article, Contact, Organisation

_CANDIDATES = 500
"""The most candidates that are ranked: a single letter does not identify anybody."""

_contacts = tables.contacts.c


def search_callers(connection: Connection, text: str, home: str, limit: int) -> list[Caller]:
    """Return the contacts who match a text, the likeliest first.

    `home` is the region of numbers without a country code.
    """
    number = telephone.parse(text, home)
    if number is not None:
        ending = full_text(connection).find_contacts_by_ending(connection, number.ending, _CANDIDATES)
        return likeliest.rank_by_number(number, _load(connection, ending), home)[:limit]
    typed = typed_words(text)
    begun = full_text(connection).find_contacts_by_prefix(connection, typed, _CANDIDATES)
    if begun:
        return likeliest.rank_by_words(typed, _load(connection, begun))[:limit]
    return _callers_spelt_nearly(connection, typed, limit) if typed else []


def _callers_spelt_nearly(connection: Connection, typed: list[str], limit: int) -> list[Caller]:
    known = connection.execute(
        select(_contacts.key, _contacts.name + " " + tables.organisations.c.name)
        .join(tables.organisations, tables.organisations.c.key == _contacts.organisation)
        .where(not_(record_tables.IS_ERASED))
        .order_by(_contacts.key)
    ).all()
    places = find_fuzzy_matches(typed, [name for _, name in known], limit)
    return _load(connection, [known[place][0] for place in places])


def _load(connection: Connection, keys: list[str]) -> list[Caller]:
    contacts = record_tables.load(connection, Contact, keys)
    organisations = record_tables.load(
        connection, Organisation, (contact.organisation for contact in contacts.values())
    )
    return [Caller(contacts[key], organisations[contacts[key].organisation]) for key in keys]


def search_articles(connection: Connection, text: str, limit: int) -> list[Article]:
    """Return the articles that match best, the best first; without a text, the first by title."""
    keys = full_text(connection).find_similar_articles(connection, parse_query(text), limit)
    if keys:
        found = record_tables.load(connection, Article, keys)
        return [found[key] for key in keys]
    known = list(record_tables.load_all(connection, Article).values())
    if text.strip():
        return ranking.find_misspelt_articles(text, known, limit)
    return ranking.find_best_articles(text, known, limit)
