"""Finds what identifies a person in a text, in whatever spelling, and writes `[erased]` in its place."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import pairwise

from supportdesk.tickets.documents import ERASED
from supportdesk.tickets.erasure.identity import Identity, Words
from supportdesk.tickets.folding import fold, is_unspaced
from supportdesk.tickets.telephone import Number

_BETWEEN = r"[\W_]"
"""What may be between two words of a name: spaces, ends of lines, dots, commas, dashes."""
_MOST_BETWEEN = 4

_APART = r"[ \t()./-]{0,3}"
"""What may be between two digits of a telephone number, once it is folded."""

_TAIL = 7
"""The number of last digits that every spelling of a complete number shares."""

Span = tuple[int, int]


class TextEraser:
    """Erases one person from texts."""

    def __init__(self, identity: Identity) -> None:
        self._everywhere = _compile(identity.names, identity.literals, identity.numbers)
        own_numbers = identity.numbers + identity.short
        self._in_own = _compile(identity.names | identity.parts, identity.literals, own_numbers)
        # Every text that contains a name contains its words: most texts are told apart by these alone.
        self._hints = tuple(tuple(dict.fromkeys(each)) for each in identity.names) + tuple(
            (fold(each),) for each in identity.literals
        )
        self._tails = _compile_tails(identity.numbers)

    def may_contain(self, text: str) -> bool:
        """Return False for a text, also one of JSON, that surely has nothing to erase outside the person's tickets."""
        folded = fold(text)
        if any(all(word in folded for word in hint) for hint in self._hints):
            return True
        return self._tails is not None and self._tails.search(_plain_digits(folded)) is not None

    def erase(self, text: str, *, own: bool) -> str:
        """Return a text with `[erased]` for each occurrence; the text itself where there is none.

        `own` is whether it is about the person: then a first or a last name alone is erased, too.
        """
        if not text:
            return text
        found = _FoldedText(text)
        spans = list(found.find(self._in_own if own else self._everywhere))
        return _replace(found.text, spans) if spans else text


class _FoldedText:
    """A text in NFC, and its folded form in which each character knows where it came from."""

    def __init__(self, text: str) -> None:
        if text.isascii():
            self.text, self.folded = text, text.lower()
            self._starts: list[int] | None = None
            return
        self.text = unicodedata.normalize("NFC", text)
        pieces: list[str] = []
        self._starts = []
        for start, cluster in _split_clusters(self.text):
            folded = _plain_digits(fold(cluster))
            pieces.append(folded)
            self._starts += [start] * len(folded)
        self._starts.append(len(self.text))
        self.folded = "".join(pieces)

    def find(self, pattern: re.Pattern[str] | None) -> Iterator[Span]:
        """Yield where a pattern of folded text matches, in the text itself."""
        if pattern is not None:
            yield from map(self.span, pattern.finditer(self.folded))

    def span(self, match: re.Match[str]) -> Span:
        """Return where a match is in the text itself."""
        if self._starts is None:
            return match.span()
        end = match.end()
        # Marks that follow the last character, and fold to nothing, belong to it.
        while end < len(self._starts) - 1 and self._starts[end] == self._starts[match.end() - 1]:
            end += 1
        return self._starts[match.start()], self._starts[end]


def _split_clusters(text: str) -> Iterator[tuple[int, str]]:
    """Yield each character with the marks and the invisible characters that follow it, and where it starts."""
    start = 0
    for place in range(1, len(text)):
        if not (
            unicodedata.combining(text[place]) or unicodedata.category(text[place]) in ("Mn", "Me", "Cf")
        ):
            yield start, text[start:place]
            start = place
    yield start, text[start:]


def _compile(
    names: Iterable[Words], literals: Iterable[str], numbers: Iterable[Number]
) -> re.Pattern[str] | None:
    """Return the pattern that finds any of these in a folded text; None where there are none."""
    patterns = [_bounded(re.escape(fold(each)), fold(each)) for each in literals]
    patterns += [_name_pattern(each) for each in sorted(names, key=lambda name: -sum(map(len, name)))]
    patterns += map(_number_pattern, numbers)
    return re.compile("|".join(patterns)) if patterns else None


def _name_pattern(name: Words) -> str:
    pattern = re.escape(name[0])
    for before, word in pairwise(name):
        least = 0 if is_unspaced(before) or is_unspaced(word) else 1
        pattern += f"{_BETWEEN}{{{least},{_MOST_BETWEEN}}}{re.escape(word)}"
    return _bounded(pattern, name[0] + name[-1])


def _bounded(pattern: str, ends: str) -> str:
    """Return a pattern that matches whole words only; in a script without spaces, a word may begin anywhere."""
    before = "" if is_unspaced(ends[0]) else r"(?<![^\W_])"
    after = "" if is_unspaced(ends[-1]) else r"(?![^\W_])"
    return f"{before}{pattern}{after}"


def _number_pattern(number: Number) -> str:
    """Return the pattern of every spelling of a number: with and without country code, or the end that is dialled
    within its area.
    """
    if number.international is None:
        return rf"(?<!\d)\+?{_APART.join(number.digits)}(?!\d)"
    country = number.international.removeprefix("+").removesuffix(number.national)
    whole = _APART.join(number.national)
    local = "|".join(
        _APART.join(number.national[-count:]) for count in range(len(number.national) - 1, _TAIL - 1, -1)
    )
    ends = rf"|(?<!\d[ ().-])(?<!\d)(?:{local})" if local else ""
    abroad = rf"(?:\+|00)?{_APART}{_APART.join(country)}{_APART}(?:0{_APART})?{whole}"
    return rf"(?:(?<!\d)(?:\({_APART})?(?:{abroad}|0?{_APART}{whole}){ends})(?!\d)"


def _compile_tails(numbers: Iterable[Number]) -> re.Pattern[str] | None:
    """Return the pattern that finds the last digits of any of the numbers; None where there are none."""
    tails = {each.digits[-_TAIL:] for each in numbers}
    return re.compile("|".join(r"[^\d]{0,3}".join(tail) for tail in sorted(tails))) if tails else None


def _plain_digits(text: str) -> str:
    """Return a text with the decimal digits of every script as 0 to 9."""
    if text.isascii():
        return text
    return "".join(str(unicodedata.decimal(each)) if each.isdecimal() else each for each in text)


def _replace(text: str, spans: Iterable[Span]) -> str:
    pieces, place = [], 0
    for start, end in sorted(spans):
        if start >= place:
            pieces += [text[place:start], ERASED]
        place = max(place, end)
    return "".join([*pieces, text[place:]])
