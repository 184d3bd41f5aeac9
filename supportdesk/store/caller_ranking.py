"""Ranks the contacts who may be calling, by part of a name, a company or a telephone number."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from supportdesk.store.fuzzy import find_fuzzy_matches
from supportdesk.store.read_models import Caller
from supportdesk.store.tokens import unique_words, words_begin_in
from supportdesk.tickets import telephone
from supportdesk.tickets.folding import fold
from supportdesk.tickets.telephone import Likeness, Number


def rank_callers(text: str, known: Sequence[Caller], home: str, limit: int) -> list[Caller]:
    """Return the callers that match a text, the likeliest first.

    `home` is the region of numbers without a country code.
    """
    number = telephone.parse(text, home)
    if number is not None:
        return rank_by_number(number, known, home)[:limit]
    typed = unique_words(text)
    if not typed:
        return []
    begun = (each for each in known if words_begin_in(typed, f"{each.contact.name} {each.organisation.name}"))
    found = rank_by_words(typed, begun)[:limit]
    if found:
        return found
    names = [f"{each.contact.name} {each.organisation.name}" for each in known]
    return [known[place] for place in find_fuzzy_matches(typed, names, limit)]


def rank_by_number(number: Number, known: Iterable[Caller], home: str) -> list[Caller]:
    """Return the callers with this number, or, where there is none, those with the most similar ending."""
    fits = [(telephone.likeness(number, each.contact.telephone, home), each) for each in known]
    best = max((likeness for likeness, _ in fits), default=Likeness.NONE)
    if best is Likeness.NONE:
        return []
    return sorted((each for likeness, each in fits if likeness is best), key=_by_standing)


def rank_by_words(typed: list[str], begun: Iterable[Caller]) -> list[Caller]:
    """Return callers who match by words: first those matched by their own name, then those by their company."""

    def place(caller: Caller) -> tuple[bool, tuple[bool, str, str]]:
        return not any(words_begin_in([word], caller.contact.name) for word in typed), _by_standing(caller)

    return sorted(begun, key=place)


def _by_standing(caller: Caller) -> tuple[bool, str, str]:
    """Return a sort key: super users first, as they are entitled to call; then by name."""
    return not caller.contact.super_user, fold(caller.contact.name), caller.contact.key
