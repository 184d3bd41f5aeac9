"""Searches: what is typed reaches the database as words, never as its language."""

from __future__ import annotations

import atexit
from functools import cache

from supportdesk.clock import FixedClock
from supportdesk.desk import Desk
from supportdesk.store.location import read_completions
from supportdesk.store.tokens import MOST_WORDS, parse_query, significant_words, unique_words, words_begin_in
from supportdesk.tickets.documents import Article, Contact, Document, Organisation, Person, Release, key_of
from tests import databases
from tests.fuzz.target import scratch_folder, text_target
from tests.postgres import shared_server
from tests.store.desks import furnished, logged
from tests.tickets.scenario import MONDAY_NINE

RECORDS: tuple[type[Document], ...] = (Article, Contact, Organisation, Person, Release)

COMPLETED = (
    "person",
    "organisation",
    "release",
    "article",
    "ticket",
    "severity",
    "team",
    "escalation target",
)


@text_target("search-words")
def search_words(text: str) -> None:
    """The words of a text are few, and each is found in the text itself."""
    found = unique_words(text)
    assert len(found) <= MOST_WORDS
    assert len(significant_words(text)) <= MOST_WORDS
    assert words_begin_in(found, text)
    query = parse_query(text)
    assert query.hits(text[:5_000]) <= len(query.words)


@cache
def _desk(kind: str) -> tuple[str, Desk]:
    folder = scratch_folder().parent / f"searched-{kind}"
    folder.mkdir()
    with databases.use(kind):
        address = furnished(folder)
        desk = Desk.open(address, FixedClock(MONDAY_NINE))
        atexit.register(desk.close)
        logged(desk, summary="Export stops half-way: 100 % of it_ems")
        logged(desk, summary="注文システムが停止しています Café Zürich")
    return address, desk


def _find_all(kind: str, text: str) -> dict[str, list[str]]:
    """Return the keys of what each search finds on a kind of database, in its order."""
    address, desk = _desk(kind)
    similar, callers = desk.find_similar(text, None, 3), desk.find_callers(text, 3)
    found = {
        "customers": [each.key for each in desk.find_organisations(text, 3)],
        "articles": [each.key for each in desk.find_articles(text, 3)],
        "callers": [each.contact.key for each in callers],
        "similar": [each.ref for each in similar],
    }
    found |= {
        each.__name__: [key_of(document) for document in desk.find_records(each, text, 3).documents]
        for each in RECORDS
    }
    assert all(len(keys) <= 3 for keys in found.values())
    completed = {what: [word for word, _ in read_completions(address, what, text)] for what in COMPLETED}
    assert all(len(words) <= 100 for words in completed.values())
    return found | completed


@text_target("search", quick=False)
def searches(text: str) -> None:
    """A search returns as many records as asked for at most, or none; a completion begins with what is typed."""
    _find_all(databases.SQLITE, text[:2_000])


@text_target("search-server", quick=False, server=True)
def searches_on_a_server(text: str) -> None:
    """A server finds the same as a file, in the same order, where one is installed."""
    if shared_server() is not None:
        assert _find_all(databases.POSTGRES, text[:2_000]) == _find_all(databases.SQLITE, text[:2_000])
