"""Tells whether one form of a message, plain text or HTML, says something that the other one does not.

Mail programs write both from the same words, but break, mark, number and link them in their own ways. So the letters of
each line are looked for in those of the other form, whatever is between them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

_NEAR = 4_000
"""How many letters further on a line is looked for, before all of the other form is searched."""
_MOST_SEARCHED = 50_000_000
"""How many letters are searched for lines that are in another place; with more, the forms count as different."""
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


def says_more(text: str, than: str, *, is_newsletter: bool = False) -> bool:
    """Return whether a text has a line that is not in another one, apart from links, marks and lines of programs.

    The forms of a newsletter are the same where most lines are: nobody wrote it to the desk.
    """
    known, lines = _Form(than), list(_list_lines(text))
    missing = 0
    for place, line in enumerate(lines):
        before = "".join(_list_words(lines[place - 1])[-_BESIDE:]) if place else ""
        after = "".join(_list_words(lines[place + 1])[:_BESIDE]) if place + 1 < len(lines) else ""
        if not known.contains(line, before, after):
            missing += 1
            if not is_newsletter:
                return True
    return missing > len(lines) * (1 - _MOSTLY)


def _list_lines(text: str) -> Iterator[str]:
    for line in _LINK.sub(" ", text).split("\n"):
        plain = _MARK.sub("", line)
        if _WORD.search(plain) and not _ROUTINE.fullmatch(plain.strip()):
            yield plain


def _list_words(text: str) -> list[str]:
    """Return the words of a text, without case, and with one way of writing each letter."""
    return _WORD.findall(unicodedata.normalize("NFKC", text).casefold())


def _fold(text: str) -> str:
    """Return the letters and digits of a text."""
    return "".join(_list_words(text))


class _Letters:
    """The letters of a text, in which lines are found: from the beginning of a word to the end of one."""

    def __init__(self, text: str) -> None:
        words = _list_words(text)
        self._all = "".join(words)
        self._ends = bytearray(len(self._all) + 1)
        place = 0
        for word in words:
            self._ends[place] = 1
            place += len(word)
        self._ends[place] = 1
        self._place = 0

    def __len__(self) -> int:
        return len(self._all)

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
        for _ in range(_MOST_TRIED):
            start = self._all.find(wanted, start, end)
            if start < 0 or (self._ends[start] and self._ends[start + len(wanted)]):
                return start
            start += 1
        return -1


class _Form:
    """One form of a message, in which the lines of the other are looked for."""

    def __init__(self, text: str) -> None:
        bare = "\n".join(_MARK.sub("", line) for line in _LINK.sub(" ", text).split("\n"))
        self._bare = _Letters(bare)
        # With links: what one form says in words may only be the address of a link in the other.
        self._whole = _Letters(text)
        self._left = _MOST_SEARCHED

    def contains(self, line: str, before: str, after: str) -> bool:
        """Return whether a line is in the text, perhaps in pieces such as the cells of a table.

        `before` and `after` are the words beside it, without which a short one would be found anywhere.
        """
        wanted = _fold(line)
        if len(wanted) < _SHORT and (before or after):
            return any(self._has(each) for each in (before + wanted, wanted + after) if each != wanted)
        if self._has(wanted) or self._has(_fold(_SIGN.sub(" ", line))):
            return True
        cells = _CELLS.split(line.strip())
        return len(cells) > 1 and all(self._has(_fold(_MARK.sub("", each))) for each in cells)

    def _has(self, wanted: str) -> bool:
        if self._bare.find_near(wanted):
            return True
        self._left -= len(self._bare) + len(self._whole)
        return self._left >= 0 and (self._bare.find_anywhere(wanted) or self._whole.find_anywhere(wanted))
