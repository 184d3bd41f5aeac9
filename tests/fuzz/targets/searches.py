"""Searches: what is typed reaches the database as words, never as its language."""

from __future__ import annotations

import atexit
from functools import cache

from supportdesk.desk import Desk
from supportdesk.store.location import read_completions
from supportdesk.store.tokens import MOST_WORDS, parse_query, significant_words, unique_words, words_begin_in
from supportdesk.tickets.documents import Article, Contact, Organisation, Person, Release
from tests.fuzz.target import scratch_folder, text_target
from tests.store.desks import furnished, logged

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
def _desk() -> tuple[str, Desk]:
    folder = scratch_folder().parent / "searched"
    folder.mkdir()
    address = furnished(folder)
    desk = Desk.open(address)
    atexit.register(desk.close)
    logged(desk, summary="Export stops half-way: 100 % of it_ems")
    return address, desk


@text_target("search", quick=False)
def searches(text: str) -> None:
    """A search returns as many records as asked for at most, or none; a completion begins with what is typed."""
    address, desk = _desk()
    text = text[:2_000]
    assert len(desk.find_organisations(text, 3)) <= 3
    assert len(desk.find_articles(text, 3)) <= 3
    assert len(desk.find_callers(text, 3)) <= 3
    assert len(desk.find_similar(text, None, 3)) <= 3
    for kind in (Article, Contact, Organisation, Person, Release):
        assert desk.find_records(kind, text, 3) is not None
    for what in COMPLETED:
        assert len(read_completions(address, what, text)) <= 100
