"""Which names a value stands for: its key or its name, the beginning of either, `me`, or nobody."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from supportdesk.console.queue.filter.errors import BadValueError
from supportdesk.console.queue.filter.name_index import FoldedNames, NameTest
from supportdesk.console.queue.filter.values import ME, NOBODY, NONE, Value
from supportdesk.console.queue.filter.vocabulary import KeyAndName, matching, unknown
from supportdesk.tickets.folding import fold

_ME = [Value(word) for word in ME]
_NOBODY = [Value(NONE), Value(NOBODY)]


def is_me(value: Value) -> bool:
    """Return whether a value stands for the operator, or for what is the operator's."""
    return value in _ME


def is_none(value: Value) -> bool:
    """Return whether a value stands for nothing: no release, no due time."""
    return value == _NOBODY[0]


def is_nobody(value: Value) -> bool:
    """Return whether a value stands for nobody: no owner, nobody paged."""
    return value in _NOBODY


def matching_keys(name: str, value: Value, options: Iterable[KeyAndName], noun: str = "") -> set[str]:
    """Return the keys that a value may mean: the value itself where no options are known.

    `noun` is what such a key is called, else the name of the field. Raises BadValueError where none matches.
    """
    known = list(options)
    if not known:
        return {value.text}
    _refuse_comparison(name, value, known)
    found = {key for key, _ in matching(value.text, known)}
    if not found:
        raise BadValueError(unknown(noun or name, value.text, known))
    return found


def _refuse_comparison(noun: str, value: Value, known: Sequence[KeyAndName]) -> None:
    """Raise BadValueError for `>high`: without its sign, the value would mean something else."""
    if value.text[0] in "<>=" and not any(
        fold(text).startswith(value.text) for each in known for text in each
    ):
        keys = ",".join(key for key, _ in known[:2])
        raise BadValueError(f"{noun} cannot be compared; list the values, as in {keys}")


def keys_only(options: Iterable[KeyAndName]) -> list[KeyAndName]:
    """Return the options without what they stand for: a description is not a name to match."""
    return [(key, "") for key, _ in options]


def matching_names(noun: str, value: Value, known: Sequence[KeyAndName]) -> NameTest:
    """Return a predicate for the names that a value matches. Raises BadValueError where none matches."""
    if known:
        _refuse_comparison(noun, value, known)
    holds = FoldedNames(text for each in known for text in each).matching(value.text)
    if known and not any(map(holds, known)):
        raise BadValueError(unknown(noun, value.text, known))
    return holds
