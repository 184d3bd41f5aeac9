"""Finds words in spite of typing errors."""

from __future__ import annotations

from collections.abc import Sequence

from supportdesk.tickets.folding import fold

_NEAR_ENOUGH = 75
"""The least similarity, in percent, of a mistyped word."""


def find_fuzzy_matches(typed: list[str], names: Sequence[str], limit: int) -> list[int]:
    """Return the indexes of the names that have a similar word for each typed word, the most similar first."""
    places: dict[str, list[int]] = {}
    # Folded in one call: for many thousand names, separate calls would take most of the time.
    for place, name in enumerate(fold("\n".join(names)).split("\n")):
        for word in name.split():
            places.setdefault(word, []).append(place)
    nearest: dict[int, float] | None = None
    for part in typed:
        scores: dict[int, float] = {}
        for word, score in _near(fold(part), list(places)).items():
            for place in places[word]:
                scores[place] = max(score, scores.get(place, 0))
        nearest = scores if nearest is None else _both(nearest, scores)
    found = nearest or {}
    return sorted(found, key=lambda place: (-found[place], place))[:limit]


def _near(part: str, spelt: list[str]) -> dict[str, float]:
    """Return the words that are similar to the typed part, or begin so, with their similarity in percent."""
    # Imported late: most searches match without it.
    from rapidfuzz import fuzz, process

    found: dict[str, float] = {}
    for compared in (spelt, [word[: len(part)] for word in spelt]):
        for _, score, place in process.extract(
            part, compared, scorer=fuzz.ratio, limit=None, score_cutoff=_NEAR_ENOUGH
        ):
            found[spelt[place]] = max(score, found.get(spelt[place], 0))
    return found


def _both(one: dict[int, float], other: dict[int, float]) -> dict[int, float]:
    return {place: min(score, other[place]) for place, score in one.items() if place in other}
