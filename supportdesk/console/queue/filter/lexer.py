"""Splits a filter into tokens with their positions."""

from __future__ import annotations

import re

import msgspec

NOT = "-!"
OR = "or"
OPEN, CLOSE = "(", ")"

_NAME = re.compile(r"[^\W\d][\w-]*:")
_SPACE = re.compile(r"\s*")
_COMPARISON = re.compile(r"(?:<=|>=|<|>|=)?")
_PHRASE = re.compile(r'"((?:[^"]|"")*)("|\Z)')
_ENDS_WORD = re.compile(r'[\s"()]')
_ENDS_VALUE = re.compile(r'[\s",()]')


class Span(msgspec.Struct, frozen=True):
    """A text without its quotes, in lower case, with its position in the line, quotes included."""

    text: str
    start: int
    end: int
    quoted: bool = False


class Token(msgspec.Struct, frozen=True):
    """One token, such as `-owner:ann,sam`. A word has no `name`; a name with its colon always has `values`.

    `sign` is a bracket or `or`; an opening bracket may be `negated`. `start` and `end` are indexes into the line, the
    sign of negation included.
    """

    start: int
    end: int
    negated: bool = False
    name: Span | None = None
    values: tuple[Span, ...] = ()
    sign: str = ""


def tokenize(text: str) -> list[Token]:
    """Return the tokens of a line, in order. Accepts any text: a quote that is not closed ends with the line."""
    found = []
    at = _skip(text, 0)
    while at < len(text):
        token = _token(text, at)
        found.append(token)
        at = _skip(text, token.end)
    return found


def _token(text: str, start: int) -> Token:
    if text[start] == CLOSE:
        return Token(start, start + 1, sign=CLOSE)
    negated = text[start] in NOT
    at = start + negated
    if text[at : at + 1] == OPEN:
        return Token(start, at + 1, negated, sign=OPEN)
    if text[at : at + 1] == '"':
        word = _phrase(text, at)
    elif (name := _NAME.match(text, at)) is not None:
        values = _values(text, name.end())
        named = Span(name[0][:-1].casefold(), at, name.end() - 1)
        return Token(start, values[-1].end, negated, named, values)
    else:
        word = _bare(text, at, _ENDS_WORD)
        if word.text == OR and not negated:
            return Token(start, word.end, values=(word,), sign=OR)
    return Token(start, word.end, negated, None, (word,))


def _values(text: str, at: int) -> tuple[Span, ...]:
    values = []
    while True:
        values.append(_value(text, at))
        at = values[-1].end
        if text[at : at + 1] != ",":
            return tuple(values)
        at += 1


def _value(text: str, at: int) -> Span:
    """Return a value; the part after a comparison may be in quotes: `>"20 nov"`."""
    compared = _COMPARISON.match(text, at)
    assert compared is not None, "it may be empty"
    if text[compared.end() : compared.end() + 1] != '"':
        return _bare(text, at, _ENDS_VALUE)
    phrase = _phrase(text, compared.end())
    return Span(f"{compared[0]}{phrase.text}", at, phrase.end, quoted=not compared[0])


def _phrase(text: str, at: int) -> Span:
    found = _PHRASE.match(text, at)
    assert found is not None, "a phrase begins with a quote"
    plain = found[1].replace('""', '"')
    return Span(" ".join(plain.lower().split()), at, found.end(), quoted=True)


def _bare(text: str, at: int, ends: re.Pattern[str]) -> Span:
    """Return a text without quotes. Brackets that are opened and closed within it belong to it."""
    end, depth = at, 0
    while end < len(text):
        sign = text[end]
        if ends.match(sign) is None:
            end += 1
        elif sign == OPEN and end > at:
            depth, end = depth + 1, end + 1
        elif sign == CLOSE and depth:
            depth, end = depth - 1, end + 1
        else:
            break
    return Span(text[at:end].lower(), at, end)


def _skip(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    assert found is not None, "it may be empty"
    return found.end()
