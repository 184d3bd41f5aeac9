"""What is typed, cut into pieces that know where they stand."""

from __future__ import annotations

import re
from dataclasses import dataclass

_NOT = frozenset("-!")
_NAME = re.compile(r"[^\W\d][\w-]*:")
_SPACE = re.compile(r"\s*")
_WORD = re.compile(r'[^\s"]*')
_VALUE = re.compile(r'[^\s",]*')
_PHRASE = re.compile(r'"([^"]*)("|$)')


@dataclass(frozen=True, slots=True)
class Piece:
    """A text without its quotes, in one case, and the place in the line that it takes up with them."""

    text: str
    start: int
    end: int
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Token:
    """`-owner:ann,sam`. A word has no `name`; a token whose name was typed with its colon has `values`, even if empty.

    `start` and `end` are places in the line, the sign of negation included.
    """

    start: int
    end: int
    negated: bool
    name: Piece | None
    values: tuple[Piece, ...]


def tokens(text: str) -> list[Token]:
    """Everything that a line holds, in order. Any text will do; a quote that was not closed ends with the line."""
    found = []
    at = _skip(text, 0)
    while at < len(text):
        token = _token(text, at)
        found.append(token)
        at = _skip(text, token.end)
    return found


def _token(text: str, start: int) -> Token:
    negated = text[start] in _NOT
    at = start + negated
    if text[at : at + 1] == '"':
        word = _phrase(text, at)
    elif (name := _NAME.match(text, at)) is not None:
        values = _values(text, name.end())
        named = Piece(name[0][:-1].casefold(), at, name.end() - 1)
        return Token(start, values[-1].end, negated, named, values)
    else:
        word = _bare(text, at, _WORD)
    return Token(start, word.end, negated, None, (word,))


def _values(text: str, at: int) -> tuple[Piece, ...]:
    values = []
    while True:
        values.append(_phrase(text, at) if text[at : at + 1] == '"' else _bare(text, at, _VALUE))
        at = values[-1].end
        if text[at : at + 1] != ",":
            return tuple(values)
        at += 1


def _phrase(text: str, at: int) -> Piece:
    found = _PHRASE.match(text, at)
    assert found is not None, "a phrase begins with a quote"
    return Piece(" ".join(found[1].casefold().split()), at, found.end(), quoted=True)


def _bare(text: str, at: int, shape: re.Pattern[str]) -> Piece:
    found = shape.match(text, at)
    assert found is not None, "it may be empty"
    return Piece(found[0].casefold(), at, found.end())


def _skip(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    assert found is not None, "it may be empty"
    return found.end()
