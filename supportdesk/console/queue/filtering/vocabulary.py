"""The names that a filter may use for a desk's severities, teams, staff and the rest."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from supportdesk.tickets.folding import begins, fold, spaced

Named = tuple[str, str]
"""A key and a name."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Whom and what a desk knows. `me` is the operator's username, `team` the key of the operator's team.

    What is left empty is not known, and then any value will do. `organisations` and `contacts` are asked only when one
    of them is being typed.
    """

    me: str = ""
    team: str = ""
    severities: Sequence[Named] = ()
    channels: Sequence[Named] = ()
    teams: Sequence[Named] = ()
    staff: Sequence[Named] = ()
    organisations: Callable[[], Sequence[str]] = tuple
    contacts: Callable[[], Sequence[str]] = tuple


def meant(value: str, options: Iterable[Named]) -> list[Named]:
    """The options that a value may mean: the one whose key or name it is, else all that begin so."""
    known = list(options)
    exact = [each for each in known if fold(value) in map(fold, each)]
    exact = exact or [each for each in known if spaced(value) and spaced(value) in map(spaced, each)]
    return exact or [each for each in known if begins(value, *each)]


def likest(value: str, options: Iterable[str]) -> str | None:
    """What somebody may have meant who made a slip."""
    # Imported when first needed: most people make none.
    from rapidfuzz import fuzz, process

    found = process.extractOne(
        value, list(options), scorer=fuzz.ratio, processor=fold, score_cutoff=_NEAR_ENOUGH
    )
    return found[0] if found is not None else None


_NEAR_ENOUGH = 60
"""Below this likeness, in percent, a word is not a slip for another one."""
