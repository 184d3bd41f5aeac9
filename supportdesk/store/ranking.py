"""Ranks loaded records by a typed text: customers by name, articles and tickets by their words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from supportdesk.store.fuzzy import find_fuzzy_matches
from supportdesk.store.read_models import QueueRow
from supportdesk.store.tokens import parse_query, significant_words
from supportdesk.tickets.documents import Article, Organisation
from supportdesk.tickets.folding import fold

TICKET_WORDS_PER_HIT = 3
"""A similar ticket contains at least one in this many of the significant words."""

ARTICLE_WORDS_PER_HIT = 4
"""The same for an article, which needs fewer: a request contains much that no article mentions."""

_SLIPS_IN = 3
"""The most words of a text in which typing errors are forgiven."""

_SHORT = 4
"""The fewest letters of such a word: shorter ones resemble too many others."""

_NEAR_ENOUGH = 74
"""The least similarity, in percent, of a name: no customer is better than the wrong one."""


def find_nearest_organisations(text: str, known: Iterable[Organisation], limit: int) -> list[Organisation]:
    """Return the customers with the closest names, the best first; without a text, the first by name."""
    by_name = sorted(known, key=lambda organisation: fold(organisation.name))
    if not text.strip():
        return by_name[:limit]
    from rapidfuzz import fuzz, process, utils

    names = [fold(organisation.name) for organisation in by_name]
    found = process.extract(
        fold(text),
        names,
        scorer=fuzz.WRatio,
        processor=utils.default_process,
        limit=limit,
        score_cutoff=_NEAR_ENOUGH,
    )
    return [by_name[place] for _, _, place in found] or [
        by_name[place] for place in find_fuzzy_matches(significant_words(text), names, limit)
    ]


def find_best_articles(text: str, known: Iterable[Article], limit: int) -> list[Article]:
    """Return the articles that match best, the best first; without a text, the first by title."""
    by_title = sorted(known, key=lambda article: article.title.casefold())
    if not text.strip():
        return by_title[:limit]
    wanted = parse_query(text)

    def weight(article: Article) -> int:
        return 4 * wanted.hits(f"{article.key} {article.title}") + wanted.hits(article.text)

    enough = (
        article
        for article in by_title
        if wanted.matches(f"{article.key} {article.title} {article.text}", ARTICLE_WORDS_PER_HIT)
    )
    likely = sorted(enough, key=weight, reverse=True)
    return (likely or find_misspelt_articles(text, by_title, limit))[:limit]


def find_misspelt_articles(text: str, known: Sequence[Article], limit: int) -> list[Article]:
    """Return the articles whose titles nearly contain the words of a short text; a long text resembles everything."""
    typed = significant_words(text)
    if not typed or len(typed) > _SLIPS_IN or any(len(word) < _SHORT for word in typed):
        return []
    return [known[place] for place in find_fuzzy_matches(typed, [article.title for article in known], limit)]


def similar(text: str, rows: Iterable[QueueRow], limit: int) -> list[QueueRow]:
    """Return the rows whose summaries share enough significant words with a text, the most first."""
    wanted = parse_query(text)
    likely = [row for row in rows if wanted.matches(row.summary, TICKET_WORDS_PER_HIT)]
    return sorted(likely, key=lambda row: -wanted.hits(row.summary))[:limit]
