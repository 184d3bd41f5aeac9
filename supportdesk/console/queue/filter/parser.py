"""Parses a typed filter, and reports its errors."""

from __future__ import annotations

import re
from collections.abc import Iterable

import msgspec

from supportdesk.console.queue.filter.errors import BadValueError, FilterError
from supportdesk.console.queue.filter.fields import FIELDS, FLAGS
from supportdesk.console.queue.filter.filter import Filter, FilterPart, Group, Term
from supportdesk.console.queue.filter.lexer import CLOSE, OPEN, OR, Span, Token, tokenize
from supportdesk.console.queue.filter.predicates import text_or_reference
from supportdesk.console.queue.filter.values import KEYWORDS, Value
from supportdesk.console.queue.filter.vocabulary import Vocabulary, closest

SYNONYMS = {"organisation": "org", "customer": "org", "reference": "ref"}

_DATED = frozenset({"due", "received", "resolved"})
_BARE_DAY = re.compile(r"[<>=]*\d{1,2}(?:st|nd|rd|th)?", re.ASCII)
_MONTH = re.compile(r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*")
_TIME = re.compile(r"\d{1,2}(?:[:.]\d{2}){1,2}(?:[ap]m)?|\d{1,2}[ap]m", re.ASCII)

DEEPEST = 10
"""The most brackets that may be nested."""


class ParseResult(msgspec.Struct, frozen=True):
    """The `filter` of the valid terms, and the `faults` of the others in the order of the line."""

    filter: Filter
    faults: tuple[FilterError, ...] = ()


class _SyntaxError(Exception):
    def __init__(self, piece: Span | Token, message: str) -> None:
        super().__init__(message)
        self.fault = FilterError(piece.start, piece.end, message)


def parse(text: str, vocabulary: Vocabulary) -> ParseResult:
    """Return the filter of a line, and its errors; raises nothing."""
    return _Parser(tokenize(text), vocabulary).parse()


def find_fields(name: str) -> list[str]:
    """Return the fields that a name may mean: the one of that name, otherwise all that begin with it."""
    if name in FIELDS or name in SYNONYMS:
        return [SYNONYMS.get(name, name)]
    return [each for each in FIELDS if each.startswith(name)]


class _Parser:
    """Goes through a line once. Invalid terms are left out and reported; the others apply."""

    def __init__(self, tokens: list[Token], vocabulary: Vocabulary) -> None:
        self._tokens = tokens
        self._vocabulary = vocabulary
        self._position = 0
        self._faults: list[FilterError] = []

    def parse(self) -> ParseResult:
        """Parse the whole line."""
        parts = self._parse_alternatives(depth=0)
        filter_ = parts[0] if len(parts) == 1 else Filter(_make_groups(parts, negated=False))
        return ParseResult(filter_, tuple(sorted(self._faults, key=lambda fault: fault.start)))

    @property
    def _token(self) -> Token | None:
        return self._tokens[self._position] if self._position < len(self._tokens) else None

    def _report(self, piece: Span | Token, message: str, *, unfinished: bool = False) -> None:
        self._faults.append(FilterError(piece.start, piece.end, message, unfinished))

    def _parse_alternatives(self, depth: int) -> list[Filter]:
        """Parse alternatives separated by `or`, up to the closing bracket or the end; empty ones are left out."""
        found = [self._parse_terms(depth)]
        separators = []
        while (token := self._token) is not None and token.sign == OR:
            separators.append(token)
            self._position += 1
            found.append(self._parse_terms(depth))
        for separator, before, after in zip(separators, found, found[1:], strict=False):
            if not before or not after:
                message = "or needs a condition on each side; to search for the word, put it in quotes"
                self._report(separator, message, unfinished=bool(before) and self._ends_with(separator))
        return [each for each in found if each] or [Filter()]

    def _ends_with(self, separator: Token) -> bool:
        """Return whether only opening brackets follow a separator."""
        return all(token.sign == OPEN for token in self._tokens if token.start > separator.start)

    def _parse_terms(self, depth: int) -> Filter:
        """Parse terms side by side, all of which must match."""
        parts: list[FilterPart] = []
        while (token := self._token) is not None and token.sign != OR:
            if token.sign == CLOSE:
                if depth:
                    break
                self._report(token, "no bracket is open; to search for the character, put it in quotes")
                self._position += 1
            elif token.sign == OPEN:
                parts += self._parse_group(token, depth)
            elif (separated := self._find_separated(token)) is not None:
                self._position += 1
                # The whole date is what is wrong, not the number before its month.
                self._faults = [fault for fault in self._faults if fault.start != separated.start]
                self._faults.append(separated)
            else:
                self._position += 1
                try:
                    parts += _parse_term(token, self._vocabulary)
                except _SyntaxError as error:
                    self._faults.append(error.fault)
        return Filter(tuple(dict.fromkeys(parts)))

    def _find_separated(self, token: Token) -> FilterError | None:
        """Return the error of a word that belongs to the one before it: a date's month or time, or a field's colon."""
        before = self._tokens[self._position - 1] if self._position else None
        if before is None or not before.values or token.name or token.negated or token.values[0].quoted:
            return None
        word, last = token.values[0], before.values[-1]
        if before.name is None:
            if before.sign or not (
                word.text.startswith(":") and len(word.text) > 1 and find_fields(last.text)
            ):
                return None
            message = f"remove the space before the colon: {last.text}{word.text}"
            return FilterError(last.start, word.end, message)
        named = find_fields(before.name.text)
        if len(named) != 1 or named[0] not in _DATED or last.quoted:
            return None
        is_month = _BARE_DAY.fullmatch(last.text) and _MONTH.fullmatch(word.text)
        # A date that has its time already is followed by a word of its own.
        if not is_month and (":" in last.text or not _TIME.fullmatch(word.text)):
            return None
        compared = last.text[: len(last.text) - len(last.text.lstrip("<>="))]
        whole = f'{named[0]}:{compared}"{last.text[len(compared) :]} {word.text}"'
        return FilterError(
            last.start,
            word.end,
            f"put a date {'of several words' if is_month else 'with its time'} in quotes: {whole}",
        )

    def _parse_group(self, opened: Token, depth: int) -> tuple[FilterPart, ...]:
        if depth == DEEPEST:
            self._report(opened, f"at most {DEEPEST} brackets can be nested")
            self._skip_group()
            return ()
        self._position += 1
        before = len(self._faults)
        inside = self._parse_alternatives(depth + 1)
        closed = self._token
        if closed is None:
            self._report(opened, "this bracket is not closed; type )", unfinished=True)
        else:
            self._position += 1
        if not any(inside):
            if len(self._faults) == before:
                self._report(opened, "these brackets are empty")
            return ()
        return _make_groups(inside, negated=opened.negated)

    def _skip_group(self) -> None:
        """Skip a bracket and its contents."""
        depth = 0
        while (token := self._token) is not None:
            self._position += 1
            depth += (token.sign == OPEN) - (token.sign == CLOSE)
            if depth == 0:
                return


def _make_groups(alternatives: list[Filter], *, negated: bool) -> tuple[FilterPart, ...]:
    """Return alternatives as parts of a filter, without superfluous groups."""
    flat = (inner for each in alternatives for inner in _remove_brackets(each))
    different = tuple(dict.fromkeys(flat))
    if len(different) > 1:
        return (Group(different, negated),)
    (only,) = different
    if not negated:
        return only.terms
    if len(only.terms) > 1:
        return (Group(different, negated),)
    (part,) = only.terms
    if isinstance(part, Term):
        return (Term(part.name, part.values, part.condition, not part.negated),)
    return _make_groups(list(part.alternatives), negated=not part.negated)


def _remove_brackets(alternative: Filter) -> tuple[Filter, ...]:
    """Return the alternatives of a filter that is only a group, otherwise the filter itself."""
    if len(alternative.terms) == 1 and isinstance(group := alternative.terms[0], Group) and not group.negated:
        return group.alternatives
    return (alternative,)


def _parse_term(token: Token, vocabulary: Vocabulary) -> tuple[Term, ...]:
    if token.name is None:
        return _parse_word(token)
    name = _find_field(token.name)
    pieces = {
        Value(piece.text, piece.quoted and piece.text in KEYWORDS): piece
        for piece in token.values
        if piece.text
    }
    if not pieces:
        raise _SyntaxError(token, f"{name}: needs a value{_describe_example(name, vocabulary)}")
    field = FIELDS[name]
    values: dict[Value, None] = {}
    for value, piece in pieces.items():
        try:
            canonical = field.canonical(value, vocabulary)
            field.condition([canonical], vocabulary)
        except BadValueError as error:
            raise _SyntaxError(piece, str(error)) from None
        values[canonical] = None
    return (Term(name, tuple(values), field.condition(list(values), vocabulary), token.negated),)


def _parse_word(token: Token) -> tuple[Term, ...]:
    (word,) = token.values
    if not word.text:
        if token.negated:
            raise _SyntaxError(token, "type what to exclude, such as -owner:none")
        return ()
    flag = None if word.quoted else FLAGS.get(word.text)
    if flag is not None:
        return (Term(flag.name, (), flag.condition, token.negated),)
    return (Term("", (Value(word.text),), text_or_reference(word.text), token.negated),)


def _find_field(name: Span) -> str:
    found = find_fields(name.text)
    if len(found) == 1:
        return found[0]
    if found:
        raise _SyntaxError(name, f'"{name.text}" can be {_join_names(found)}')
    near = closest(name.text, FIELDS)
    hint = f"did you mean {near}?" if near else f"fields: {', '.join(FIELDS)}"
    raise _SyntaxError(name, f'unknown field "{name.text}"; {hint}')


def _describe_example(name: str, vocabulary: Vocabulary) -> str:
    options = FIELDS[name].options(vocabulary)
    return f", such as {options[0][0]}" if options else ""


def _join_names(names: Iterable[str]) -> str:
    *most, last = names
    return f"{', '.join(most)} or {last}"
