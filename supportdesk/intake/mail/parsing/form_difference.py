"""Tells whether one form of a message, plain text or HTML, says something that the other one does not.

Mail programs write both from the same words, but break, mark, number and link them in their own ways. So the letters of
each line are looked for in those of the other form, whatever is between them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from enum import Enum, auto
from itertools import tee, zip_longest

import msgspec

_NEAR = 4_000
"""How many letters further on a line is looked for, before all of the other form is searched."""
MOST_WORK = 20_000_000
"""How many letters are read and searched to compare the forms of one message; a long letter takes some 500,000."""
_PER_LINE = 100
_PER_SEARCH = 20
"""How many letters could be read in the time that a line, or the beginning of a search, takes."""
_MOSTLY = 0.5
"""Which share of the lines of a newsletter has to be in the other form."""
_SHORT = 4
"""Fewer letters than these are in any text: they have to be beside the same words."""
_BESIDE = 3
"""How many words of the line before and behind a short one are looked at."""
_MOST_TRIED = 50
"""How many places that are within words are passed over."""

_LINK = re.compile(
    r"<(?:[a-z][a-z0-9+.-]*:[^<>\s]*|[^<>\s@]+@[^<>\s@]+)>|\[[^\[\]\n]*\]|\b(?:https?://|www\.)[^\s<>\"]+",
    re.IGNORECASE,
)
"""Where a link leads, and what stands for a picture: `<https://...>`, `[image: logo.png]`, `[mailto:...]`."""
_MARK = re.compile(r"^[\s>*•·§-]*(?:(?:\d{1,3}|[a-z])[.)]\s+|o\s+)?", re.IGNORECASE)
"""What begins an item of a list or a quoted line: only one form may number it."""
_SIGN = re.compile(r"(?<![^\W_])[JLüØ§](?![^\W_])")
"""Letters that Outlook shows as signs, such as a smile, in a font of their own."""
_CELLS = re.compile(r"\s{2,}|\s\|\s|\t")
_WORD = re.compile(r"[^\W_]+")

_ROUTINE = re.compile(
    r"(?:(?:click here to |to )?(?:view|read|see|open)(?: (?:this|the|it))?(?: e-?mail| message| newsletter)?"
    r"(?: online| in (?:your|a|the)(?: web)? ?browser| as a web ?page)"
    r"|(?:having )?(?:trouble|problems) (?:viewing|reading|seeing) this (?:e-?mail|message|newsletter)"
    r"|(?:click here to |to )?(?:unsubscribe|opt out)(?: here| now| from (?:this|our|these) \w+(?: \w+)?)?"
    r"|(?:manage|update|change)(?: your)? (?:e-?mail )?(?:subscription|preferences|settings)s?"
    r"|(?:our )?(?:privacy policy|terms of (?:use|service)|imprint|impressum|datenschutz(?:erkl[aä]rung)?)"
    r"|(?:©|\(c\)|copyright)[^\n]{0,80}|all rights reserved|forward to a friend|follow us(?: on \w+)?"
    r"|(?:(?:newsletter |e-?mail )?im (?:web)?browser (?:an)?(?:zeigen|sehen|[oö]ffnen)|online ansehen)"
    r"|(?:vom )?newsletter (?:abbestellen|abmelden)"
    r"|(?:your|this) (?:e-?mail|mail) (?:client|program|reader|app) (?:does not|doesn't|cannot|can't)"
    r" (?:support|display|show|read) html(?: \w+){0,3}"
    r"|this (?:message|e-?mail) (?:is|was sent) in html(?: format)?"
    r"|(?:please )?(?:view|use|enable|open) (?:this (?:message|e-?mail) (?:in|with) )?(?:an? )?html(?: \w+){0,4})"
    r"[\s.!:>|»→]*",
    re.IGNORECASE,
)
"""Lines that programs add to one form only: whole lines, so that nothing is taken for one that a person wrote."""


class Difference(Enum):
    """What one form of a message says that another one does not."""

    NONE = auto()
    MORE = auto()
    UNKNOWN = auto()
    """The forms are too long to be compared."""


class ComparisonBudget:
    """The letters that may still be read and searched to compare the forms of one message."""

    def __init__(self, letters: int = MOST_WORK) -> None:
        self._left = letters

    def spend(self, letters: int) -> None:
        """Take letters off. Raises BudgetSpentError where there are not so many."""
        self._left -= letters
        if self._left < 0:
            raise BudgetSpentError


class BudgetSpentError(Exception):
    """The forms of a message take too long to compare."""


class FormComparison:
    """Compares other forms of a message with the text of the one that is shown, all within the `budget`.

    The forms of a newsletter are the same where most lines are: nobody wrote it to the desk.
    """

    def __init__(self, shown: str, budget: ComparisonBudget, *, is_newsletter: bool = False) -> None:
        self._shown, self._budget, self._is_newsletter = shown, budget, is_newsletter
        self._form: _Form | None = None

    def find_difference(self, text: str) -> Difference:
        """Return whether a text has a line that the form shown lacks, except links, marks and what programs add."""
        try:
            if self._form is None:
                self._form = _Form(self._shown, self._budget)
            return Difference.MORE if self._says_more(text, self._form) else Difference.NONE
        except BudgetSpentError:
            return Difference.UNKNOWN

    def _says_more(self, text: str, known: _Form) -> bool:
        lines, following = tee(self._read_lines(text))
        next(following, None)
        before: list[str] = []
        number = missing = 0
        for line, after in zip_longest(lines, following, fillvalue=_Line()):
            number += 1
            if not known.contains(line, "".join(before[-_BESIDE:]), "".join(after.words[:_BESIDE])):
                missing += 1
                if not self._is_newsletter:
                    return True
            before = line.words
        return missing > number * (1 - _MOSTLY)

    def _read_lines(self, text: str) -> Iterator[_Line]:
        self._budget.spend(len(text))
        for line in _list_lines(text):
            self._budget.spend(_PER_LINE)
            yield _Line(line, _list_words(line, self._budget))


class _Line(msgspec.Struct, frozen=True):
    """A line of a text without links and marks, and its words."""

    text: str = ""
    words: list[str] = []


def _list_lines(text: str) -> Iterator[str]:
    for line in _LINK.sub(" ", text).split("\n"):
        plain = _MARK.sub("", line)
        if _WORD.search(plain) and not _ROUTINE.fullmatch(plain.strip()):
            yield plain


def _list_words(text: str, budget: ComparisonBudget) -> list[str]:
    """Return the words of a text, without case, and with one way of writing each letter."""
    budget.spend(len(text))
    normalised = unicodedata.normalize("NFKC", text).casefold()
    # A letter may become many.
    budget.spend(len(normalised))
    return _WORD.findall(normalised)


class _Letters:
    """The letters of a text, in which lines are found: from the beginning of a word to the end of one."""

    def __init__(self, text: str, budget: ComparisonBudget) -> None:
        words = _list_words(text, budget)
        self._budget = budget
        self._all = "".join(words)
        self._ends = bytearray(len(self._all) + 1)
        place = 0
        for word in words:
            self._ends[place] = 1
            place += len(word)
        self._ends[place] = 1
        self._place = 0

    def find_near(self, wanted: str) -> bool:
        """Return whether letters follow soon behind those that were found so before."""
        found = self._find(wanted, self._place, self._place + _NEAR + len(wanted))
        if found >= 0:
            self._place = found + len(wanted)
        return found >= 0

    def find_anywhere(self, wanted: str) -> bool:
        """Return whether letters are in the text."""
        return self._find(wanted, 0, len(self._all)) >= 0

    def _find(self, wanted: str, start: int, end: int) -> int:
        end = min(end, len(self._all))
        for _ in range(_MOST_TRIED):
            found = self._all.find(wanted, start, end)
            self._budget.spend(_PER_SEARCH + (end - start if found < 0 else found - start + len(wanted)))
            if found < 0 or (self._ends[found] and self._ends[found + len(wanted)]):
                return found
            start = found + 1
        return -1


class _Form:
    """One form of a message, in which the lines of the other are looked for."""

    def __init__(self, text: str, budget: ComparisonBudget) -> None:
        budget.spend(2 * len(text))
        bare = "\n".join(_MARK.sub("", line) for line in _LINK.sub(" ", text).split("\n"))
        self._bare = _Letters(bare, budget)
        # With links: what one form says in words may only be the address of a link in the other.
        self._whole = _Letters(text, budget)
        self._budget = budget

    def contains(self, line: _Line, before: str, after: str) -> bool:
        """Return whether a line is in the text, perhaps in pieces such as the cells of a table.

        `before` and `after` are the words beside it, without which a short one would be found anywhere.
        """
        wanted = "".join(line.words)
        if len(wanted) < _SHORT and (before or after):
            return any(self._has(each) for each in (before + wanted, wanted + after) if each != wanted)
        if self._has(wanted):
            return True
        if _SIGN.search(line.text) and self._has(self._fold(_SIGN.sub(" ", line.text))):
            return True
        cells = _CELLS.split(line.text.strip())
        return len(cells) > 1 and all(self._has(self._fold(_MARK.sub("", each))) for each in cells)

    def _fold(self, text: str) -> str:
        """Return the letters and digits of a text."""
        return "".join(_list_words(text, self._budget))

    def _has(self, wanted: str) -> bool:
        return (
            self._bare.find_near(wanted)
            or self._bare.find_anywhere(wanted)
            or self._whole.find_anywhere(wanted)
        )
