"""Completions of a filter at the cursor."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import msgspec

from supportdesk.console.queue.filter.comparisons import is_duration
from supportdesk.console.queue.filter.errors import BadValueError
from supportdesk.console.queue.filter.fields import FIELDS, FLAGS
from supportdesk.console.queue.filter.lexer import CLOSE, OPEN, Span, Token, tokenize
from supportdesk.console.queue.filter.parser import find_fields
from supportdesk.console.queue.filter.values import NONE, Value, name_as_value, value_as_typed
from supportdesk.console.queue.filter.vocabulary import KeyAndName, Vocabulary
from supportdesk.tickets.folding import fold, prefix_matcher

_COMPARISONS = "<>="
_NAMES = ("org", "contact")
_DATES = ("due", "received", "resolved")


class Completion(msgspec.Struct, frozen=True):
    """A possible completion: `text` ends with a space if it completes the term; `note` explains it."""

    text: str
    note: str = ""


class Completions(msgspec.Struct, frozen=True):
    """Replacements for the characters from `start` up to `end`, the most likely first.

    `begun`: a part has been typed, so that one of them is probably meant.
    """

    start: int = 0
    end: int = 0
    items: tuple[Completion, ...] = ()
    begun: bool = False

    def accepted(self, text: str, completion: Completion) -> tuple[str, int]:
        """Return the line with a completion applied, and the position of the cursor then."""
        rest = text[self.end :]
        filled = f"{text[: self.start]}{completion.text}"
        return f"{filled}{rest.lstrip() if completion.text.endswith(' ') else rest}", len(filled)


def completions(text: str, cursor: int, vocabulary: Vocabulary) -> Completions:
    """Return the completions of a line at the cursor, an index into the line."""
    token = next((each for each in tokenize(text) if each.start < cursor <= each.end), None)
    if token is None or token.sign == OPEN:
        return Completions(cursor, cursor, tuple(_fields("")))
    if token.sign == CLOSE:
        return Completions()
    if token.name is not None and cursor > token.name.end:
        return _values(token, cursor, vocabulary)
    if token.name is not None or token.values[0].quoted or cursor < token.end:
        return Completions()
    typed = token.values[0].text
    return Completions(token.start + token.negated, token.end, tuple(_fields(typed)), begun=bool(typed))


def _fields(typed: str) -> Iterable[Completion]:
    for name, field in FIELDS.items():
        if name.startswith(typed):
            yield Completion(f"{name}:", field.description)
    for name, flag in FLAGS.items():
        if name.startswith(typed) and name != typed:
            yield Completion(f"{name} ", flag.description)


def _values(token: Token, cursor: int, vocabulary: Vocabulary) -> Completions:
    assert token.name is not None
    named = find_fields(token.name.text)
    value = next((each for each in token.values if each.start <= cursor <= each.end), None)
    if len(named) != 1 or value is None:
        return Completions()
    others = {each.text for each in token.values if each is not value}
    options = [option for option in FIELDS[named[0]].options(vocabulary) if option[0] not in others]
    as_value = name_as_value if named[0] in _NAMES else _key_as_value
    found = tuple(_completion(option, as_value) for option in _fitting(value.text, options))
    return Completions(
        value.start, value.end, (*_canonical_date(named[0], value, vocabulary), *found), begun=True
    )


def _canonical_date(field: str, value: Span, vocabulary: Vocabulary) -> Iterable[Completion]:
    """Yield how a date is understood, if it is one: its canonical value, with the weekday as its note."""
    if field not in _DATES or not value.text or is_duration(value.text) or value.text == NONE:
        return
    from supportdesk.console.queue.filter.dates import describe_date

    try:
        canonical = FIELDS[field].canonical(Value(value.text), vocabulary)
    except BadValueError:
        return
    yield Completion(f"{value_as_typed(canonical)} ", describe_date(canonical, vocabulary))


def _fitting(typed: str, options: Sequence[KeyAndName]) -> list[KeyAndName]:
    """Return the options that begin with the typed text, those whose key does first; none for a complete value."""
    if not typed:
        return list(options)
    whole = fold(typed)
    if whole[0] in _COMPARISONS:
        fitting = [option for option in options if option[0].startswith(whole)]
    else:
        begins = prefix_matcher(typed)
        fitting = [option for option in options if begins(option[0]) or (option[1] and begins(option[1]))]
    by_key: list[KeyAndName] = []
    by_name: list[KeyAndName] = []
    is_complete = False
    for option in fitting:
        key = fold(option[0])
        is_complete = is_complete or key == whole
        if key != whole:
            (by_key if key.startswith(whole) else by_name).append(option)
    # A complete key is not extended to options of which only the name begins with it.
    return by_key if is_complete else [*by_key, *by_name]


def _key_as_value(key: str) -> str:
    return value_as_typed(Value(key))


def _completion(option: KeyAndName, as_value: Callable[[str], str]) -> Completion:
    key, name = option
    return Completion(f"{as_value(' '.join(key.split()))} ", name if name and fold(name) != fold(key) else "")
