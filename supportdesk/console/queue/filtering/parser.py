"""From what is typed to a filter, and to what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from supportdesk.console.queue.filtering.conditions import text_or_reference
from supportdesk.console.queue.filtering.faults import BadValueError, Fault
from supportdesk.console.queue.filtering.fields import FIELDS, FLAGS
from supportdesk.console.queue.filtering.filter import Filter, Term
from supportdesk.console.queue.filtering.tokens import Piece, Token, tokens
from supportdesk.console.queue.filtering.vocabulary import Vocabulary, likest

SYNONYMS = {"organisation": "org", "customer": "org", "reference": "ref"}


@dataclass(frozen=True, slots=True)
class Read:
    """The `filter` of all that could be understood, and the `faults` in the rest."""

    filter: Filter
    faults: tuple[Fault, ...] = ()


class _WrongError(Exception):
    def __init__(self, piece: Piece | Token, message: str) -> None:
        super().__init__(message)
        self.fault = Fault(piece.start, piece.end, message)


def parse(text: str, vocabulary: Vocabulary) -> Read:
    """What a line means at a desk; it never fails."""
    terms, faults = [], []
    for token in tokens(text):
        try:
            term = _term(token, vocabulary)
        except _WrongError as wrong:
            faults.append(wrong.fault)
        else:
            terms += [term] if term is not None else []
    return Read(Filter(tuple(dict.fromkeys(terms))), tuple(faults))


def field_named(name: str) -> list[str]:
    """The fields that a name may mean: the one that it is, else all that begin so."""
    if name in FIELDS or name in SYNONYMS:
        return [SYNONYMS.get(name, name)]
    return [each for each in FIELDS if each.startswith(name)]


def _term(token: Token, vocabulary: Vocabulary) -> Term | None:
    if token.name is None:
        return _word(token)
    name = _field(token.name)
    values = {piece.text: piece for piece in token.values if piece.text}
    if not values:
        raise _WrongError(token, f"{name}: needs a value{_such_as(name, vocabulary)}")
    field = FIELDS[name]
    for value, piece in values.items():
        try:
            field.read([value], vocabulary)
        except BadValueError as error:
            raise _WrongError(piece, str(error)) from None
    return Term(name, tuple(values), field.read(list(values), vocabulary), token.negated)


def _word(token: Token) -> Term | None:
    (word,) = token.values
    if not word.text:
        if token.negated:
            raise _WrongError(token, "what is not wanted goes after it, such as -owner:none")
        return None
    flag = None if word.quoted else FLAGS.get(word.text)
    if flag is not None:
        return Term(flag.name, (), flag.condition, token.negated)
    return Term("", (word.text,), text_or_reference(word.text), token.negated)


def _field(name: Piece) -> str:
    found = field_named(name.text)
    if len(found) == 1:
        return found[0]
    if found:
        raise _WrongError(name, f"{name.text}: may be {_either(found)}")
    near = likest(name.text, FIELDS)
    hint = f"did you mean {near}?" if near else "put it in quotes to look for it as text"
    raise _WrongError(name, f"{name.text}: is no field; {hint}")


def _such_as(name: str, vocabulary: Vocabulary) -> str:
    offered = FIELDS[name].offered(vocabulary)
    return f", such as {offered[0][0]}" if offered else ""


def _either(names: Iterable[str]) -> str:
    *most, last = names
    return f"{', '.join(most)} or {last}"
