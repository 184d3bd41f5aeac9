"""Finding what somebody means by a few letters: customers by name, articles by their words."""

from __future__ import annotations

from collections.abc import Iterable

from supportdesk.tickets.people import Article, Organisation

_NEAR_ENOUGH = 50
"""Below this likeness, in percent, a name is not what was meant."""


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
    return [by_name[place] for _, _, place in found]


def best_articles(text: str, known: Iterable[Article], limit: int) -> list[Article]:
    """The articles that match best, the best first; without a text the first ones by title."""
    by_title = sorted(known, key=lambda article: article.title.casefold())
    if not text.strip():
        return by_title[:limit]
    from rapidfuzz import fuzz, process, utils

    words = [f"{article.key} {article.title} {article.text}" for article in by_title]
    found = process.extract(
        text,
        words,
        scorer=fuzz.token_set_ratio,
        processor=utils.default_process,
        limit=limit,
        score_cutoff=_NEAR_ENOUGH,
    )
    return [by_title[place] for _, _, place in found]
