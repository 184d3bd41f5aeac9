"""Finding what somebody means by a few letters: customers by name, articles by their words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from supportdesk.store.fuzzy import fuzzy_matches
from supportdesk.store.read_models import QueueRow
from supportdesk.store.tokens import parse_query, telling
from supportdesk.tickets.documents import Article, Organisation
from supportdesk.tickets.folding import fold

TELLING_OF_A_TICKET = 3
"""One in so many telling words has to stand in a ticket that is said to be the like."""

TELLING_OF_AN_ARTICLE = 4
"""The same for an article, of which fewer are needed: whoever asks describes much that no article speaks of."""

_SLIPS_IN = 3
"""Words of a text in which slips are forgiven."""

_SHORT = 4
"""A shorter word than this is nearly any other one."""

_NEAR_ENOUGH = 74
"""Below this likeness, in percent, a name is not what was meant: rather none than somebody else's."""


def nearest_organisations(text: str, known: Iterable[Organisation], limit: int) -> list[Organisation]:
    """The customers whose names come nearest, the best first; without a text the first ones by name."""
    by_name = sorted(known, key=lambda organisation: organisation.name.casefold())
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
        by_name[place] for place in fuzzy_matches(telling(text), names, limit)
    ]


def best_articles(text: str, known: Iterable[Article], limit: int) -> list[Article]:
    """The articles that match best, the best first; without a text the first ones by title."""
    by_title = sorted(known, key=lambda article: article.title.casefold())
    if not text.strip():
        return by_title[:limit]
    wanted = parse_query(text)

    def weight(article: Article) -> int:
        return 4 * wanted.hits(f"{article.key} {article.title}") + wanted.hits(article.text)

    enough = (
        article
        for article in by_title
        if wanted.is_told_by(f"{article.key} {article.title} {article.text}", TELLING_OF_AN_ARTICLE)
    )
    likely = sorted(enough, key=weight, reverse=True)
    return (likely or misspelt_articles(text, by_title, limit))[:limit]


def misspelt_articles(text: str, known: Sequence[Article], limit: int) -> list[Article]:
    """The articles whose titles have nearly the words of a short text; a whole sentence is like anything."""
    typed = telling(text)
    if not typed or len(typed) > _SLIPS_IN or any(len(word) < _SHORT for word in typed):
        return []
    return [known[place] for place in fuzzy_matches(typed, [article.title for article in known], limit)]


def similar(text: str, rows: Iterable[QueueRow], limit: int) -> list[QueueRow]:
    """The tickets whose summaries share enough telling words with a text, those that share the most first."""
    wanted = parse_query(text)
    likely = [row for row in rows if wanted.is_told_by(row.summary, TELLING_OF_A_TICKET)]
    return sorted(likely, key=lambda row: -wanted.hits(row.summary))[:limit]
