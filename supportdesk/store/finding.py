"""Finding what somebody means by a few letters: customers by name, articles by their words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from supportdesk.store.slips import slips
from supportdesk.store.typed_words import folded, telling, words
from supportdesk.store.views import QueueRow
from supportdesk.tickets.people import Article, Organisation

_SLIPS_IN = 3
"""Words of a text in which slips are forgiven."""

_NEAR_ENOUGH = 74
"""Below this likeness, in percent, a name is not what was meant: rather none than somebody else's."""


def nearest_organisations(text: str, known: Iterable[Organisation], limit: int) -> list[Organisation]:
    """The customers whose names come nearest, the best first; without a text the first ones by name."""
    by_name = sorted(known, key=lambda organisation: organisation.name.casefold())
    if not text.strip():
        return by_name[:limit]
    from rapidfuzz import fuzz, process, utils

    names = [organisation.name for organisation in by_name]
    found = process.extract(
        text,
        names,
        scorer=fuzz.WRatio,
        processor=utils.default_process,
        limit=limit,
        score_cutoff=_NEAR_ENOUGH,
    )
    return [by_name[place] for _, _, place in found] or [
        by_name[place] for place in slips(telling(text), names, limit)
    ]


def best_articles(text: str, known: Iterable[Article], limit: int) -> list[Article]:
    """The articles that match best, the best first; without a text the first ones by title."""
    by_title = sorted(known, key=lambda article: article.title.casefold())
    if not text.strip():
        return by_title[:limit]
    wanted = {folded(word) for word in telling(text)}

    def weight(article: Article) -> int:
        headed = wanted.intersection(map(folded, words(f"{article.key} {article.title}")))
        return 4 * len(headed) + len(wanted.intersection(map(folded, words(article.text))))

    likely = sorted((article for article in by_title if weight(article)), key=weight, reverse=True)
    return (likely or misspelt_articles(text, by_title, limit))[:limit]


def misspelt_articles(text: str, known: Sequence[Article], limit: int) -> list[Article]:
    """The articles whose titles have nearly the words of a short text; a whole sentence is like anything."""
    typed = telling(text)
    if not typed or len(typed) > _SLIPS_IN:
        return []
    return [known[place] for place in slips(typed, [article.title for article in known], limit)]


def similar(text: str, rows: Iterable[QueueRow], limit: int) -> list[QueueRow]:
    """The tickets whose summaries share the most telling words with a text; those that share none are left out."""
    wanted = {folded(word) for word in telling(text)}
    shared = [(len(wanted.intersection(map(folded, words(row.summary)))), row) for row in rows]
    likely = sorted((each for each in shared if each[0]), key=lambda each: -each[0])
    return [row for _, row in likely[:limit]]
