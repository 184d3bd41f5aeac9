"""The names that a filter may use for a desk's severities, teams, staff and the rest."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime

import msgspec

from supportdesk.console.queue.filter.name_index import Names
from supportdesk.tickets.folding import fold, spaced

Named = tuple[str, str]
"""A key and a name."""


class LookedUp(msgspec.Struct, frozen=True):
    """What the desk knows of a name that nothing in the queue has; `near` are names that come near it."""

    exists: bool
    near: tuple[str, ...] = ()


def _exists(field: str, value: str) -> LookedUp | None:
    return LookedUp(exists=True)


def _some_day() -> datetime:
    return datetime(2026, 1, 1, tzinfo=UTC)


class Vocabulary(msgspec.Struct, frozen=True):
    """The names that a desk knows. `me` is the operator's username, `team` the key of the operator's team.

    What is left empty is not known, and then any value will do. `former` are people who have left and may still own
    tickets. `organisations` and `contacts` are those of the tickets in the queue, asked for only when one of them is
    being typed; `look_up` says whether the desk has another one of that field and value, None while that is not known.
    `zone` and `now` are those by which dates are understood.
    """

    me: str = ""
    team: str = ""
    severities: Sequence[Named] = ()
    channels: Sequence[Named] = ()
    teams: Sequence[Named] = ()
    staff: Sequence[Named] = ()
    former: Sequence[Named] = ()
    releases: Sequence[Named] = ()
    organisations: Callable[[], Sequence[str]] = Names
    contacts: Callable[[], Sequence[str]] = Names
    look_up: Callable[[str, str], LookedUp | None] = _exists
    zone: str = "UTC"
    now: Callable[[], datetime] = _some_day


def matching(value: str, options: Iterable[Named]) -> list[Named]:
    """The options that a value may mean: the one whose key or name it is, else all that begin so."""
    known = list(options)
    return list(filter(Names(text for each in known for text in each).matching(value), known))


def unknown(noun: str, value: str, known: Sequence[Named]) -> str:
    """Say that nothing is called so or begins so, and what may have been meant."""
    near = closest(value, [text for each in known for text in each if text])
    if near:
        hint = f"did you mean {near}?"
    elif known and len(all_known := ", ".join(key for key, _ in known)) <= _LONGEST_LIST:
        hint = f"use {all_known}"
    else:
        hint = "nothing similar"
    return f'unknown {noun} "{value}"; {hint}'


_LONGEST_LIST = 120
"""In characters: more than these nobody reads when none of them was meant."""


def closest(value: str, options: Iterable[str]) -> str | None:
    """Return the option closest to a misspelt value, compared as a whole and word by word; None where none is close."""
    # Imported when first needed: most people make none.
    from rapidfuzz import fuzz, process

    known = list(dict.fromkeys(options))
    spelt = [(word, option) for option in known for word in (fold(option), *spaced(option).split())]
    found = process.extractOne(
        fold(value), [word for word, _ in spelt], scorer=fuzz.ratio, score_cutoff=_NEAR_ENOUGH
    )
    return spelt[found[2]][1] if found is not None else None


_NEAR_ENOUGH = 60
"""Below this likeness, in percent, a word is not a slip for another one."""
