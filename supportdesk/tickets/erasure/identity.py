"""What identifies a contact: every name, address and number that their record ever had."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from supportdesk.tickets.documents import Contact
from supportdesk.tickets.folding import fold, is_unspaced, similar_forms, words
from supportdesk.tickets.telephone import LEAST_DIGITS, Number, list_numbers

_COMPLETE = 7
"""The fewest digits of a number that is nobody else's; a shorter one is an extension, or a number of anything."""

_MOST_DIGITS = 15
"""The most digits of one number (E.164)."""

_LEAST_LETTERS = 2
"""The fewest letters of a part of a name that is erased alone."""

_LEAST_WORDS = 2
"""The fewest words of a key that is no ordinary word."""

Words = tuple[str, ...]
"""The folded words of a name, in order."""


class Identity(msgspec.Struct, frozen=True):
    """What identifies a person. `names` and `numbers` are erased in every text, `parts` and `short` in their tickets.

    `names` has each spelling of a whole name of two words or more, `parts` are its first and last word, and names of
    one word: they may be an ordinary word, or the name of somebody else. `literals` are addresses and the key.
    """

    key: str
    names: frozenset[Words]
    parts: frozenset[Words]
    literals: frozenset[str]
    numbers: tuple[Number, ...]
    short: tuple[Number, ...]


def make_identity(versions: Iterable[Contact], home: str) -> Identity:
    """Return what identifies a contact whose record had these versions.

    `home` is the region of telephone numbers without a country code. Raises ValueError without a version.
    """
    known = list(versions)
    if not known:
        raise ValueError("there is no record of the contact")
    names: set[Words] = set()
    parts: set[Words] = set()
    for name in {each.name for each in known}:
        for form in similar_forms(name):
            whole = split_words(form)
            pieces = [split_words(each) for each in form.replace(",", " ").split()]
            (names if _is_whole(whole, form) else parts).add(whole)
            if len(pieces) > 1:
                names.add(tuple(word for piece in (*pieces[1:], pieces[0]) for word in piece))
                names.add(tuple(word for piece in (pieces[-1], *pieces[:-1]) for word in piece))
                parts |= {piece for piece in (pieces[0], pieces[-1]) if len("".join(piece)) >= _LEAST_LETTERS}
    key = known[-1].key
    is_plain = len(split_words(fold(key))) < _LEAST_WORDS
    if is_plain:
        parts.add(split_words(fold(key)))
    numbers = {
        number.international or number.digits: number
        for each in known
        for number in list_numbers(each.telephone, home)
        if LEAST_DIGITS <= len(number.digits) <= _MOST_DIGITS
    }
    return Identity(
        key=key,
        names=frozenset(names - {()}),
        parts=frozenset(parts - {()}),
        literals=frozenset({each.email for each in known} | {"" if is_plain else key}) - {""},
        numbers=tuple(each for each in numbers.values() if len(each.digits) >= _COMPLETE),
        short=tuple(each for each in numbers.values() if len(each.digits) < _COMPLETE),
    )


def split_words(folded: str) -> Words:
    """Return the words of a folded text; of a script without spaces, each run is one."""
    return tuple(words(folded))


def _is_whole(whole: Words, form: str) -> bool:
    """Return whether a name is more than one word, or a run of a script that writes names without a space."""
    return len(whole) > 1 or (is_unspaced(form) and len(form) >= _LEAST_LETTERS)
