"""The names that a filter may use for a desk's severities, teams, staff and the rest."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime

import msgspec

from supportdesk.console.queue.filter.name_index import FoldedNames
from supportdesk.tickets.folding import fold, spaced

KeyAndName = tuple[str, str]
"""A key and a name."""


class LookedUp(msgspec.Struct, frozen=True):
    """Whether a name that does not occur in the queue exists at the desk; `near` are similar names."""

    exists: bool
    near: tuple[str, ...] = ()


def _exists(field: str, value: str) -> LookedUp | None:
    return LookedUp(exists=True)


def _some_day() -> datetime:
    return datetime(2026, 1, 1, tzinfo=UTC)


class Vocabulary(msgspec.Struct, frozen=True):
    """The names that a filter can use at a desk. `me` is the operator's username, `team` the key of their team.

    A field that is left empty accepts any value. `former` are people who have left and may still own tickets.
    `organisations` and `contacts` return the names in the queue, and are called only when one is being typed. `look_up`
    returns whether the desk has a name of a field that the queue does not have; None while that is not known. Dates are
    parsed in `zone`, relative to `now`.
    """

    me: str = ""
    team: str = ""
    severities: Sequence[KeyAndName] = ()
    channels: Sequence[KeyAndName] = ()
    teams: Sequence[KeyAndName] = ()
    staff: Sequence[KeyAndName] = ()
    former: Sequence[KeyAndName] = ()
    releases: Sequence[KeyAndName] = ()
    organisations: Callable[[], Sequence[str]] = FoldedNames
    contacts: Callable[[], Sequence[str]] = FoldedNames
    look_up: Callable[[str, str], LookedUp | None] = _exists
    zone: str = "UTC"
    now: Callable[[], datetime] = _some_day


def matching(value: str, options: Iterable[KeyAndName]) -> list[KeyAndName]:
    """Return the options that a value may mean: an equal key or name, otherwise all that begin with it."""
    known = list(options)
    return list(filter(FoldedNames(text for each in known for text in each).matching(value), known))


def unknown(noun: str, value: str, known: Sequence[KeyAndName]) -> str:
    """Return the message for an unknown name, with the closest one or the known ones."""
    near = closest(value, [text for each in known for text in each if text])
    if near:
        hint = f"did you mean {near}?"
    elif known and len(all_known := ", ".join(key for key, _ in known)) <= _LONGEST_LIST:
        hint = f"use {all_known}"
    else:
        hint = "nothing similar"
    return f'unknown {noun} "{value}"; {hint}'


_LONGEST_LIST = 120
"""The longest list of known names in a message, in characters."""


def closest(value: str, options: Iterable[str]) -> str | None:
    """Return the option closest to a misspelt value, compared as a whole and word by word; None where none is close."""
    # Imported when first needed: most filters have no mistake.
    from rapidfuzz import fuzz, process

    known = list(dict.fromkeys(options))
    spelt = [(word, option) for option in known for word in (fold(option), *spaced(option).split())]
    found = process.extractOne(
        fold(value), [word for word, _ in spelt], scorer=fuzz.ratio, score_cutoff=_NEAR_ENOUGH
    )
    return spelt[found[2]][1] if found is not None else None


_NEAR_ENOUGH = 65
"""The similarity, in percent, from which a word counts as a misspelling of another."""
