"""The values after a field's colon, and how they are written so that parsing gives the same value."""

from __future__ import annotations

import re
from typing import NamedTuple

ME = ("me", "mine")
NONE = "none"
NOBODY = "nobody"
"""The word for an unassigned ticket's owner, accepted like `none`."""

KEYWORDS = frozenset((*ME, NONE, NOBODY))
"""Values with a special meaning, unless they are in quotes."""

_BARE_VALUE = re.compile(r'[^\s",()]+')
_COMPARED = re.compile(r"(<=|>=|<|>|=)(.*)", re.DOTALL)


class Value(NamedTuple):
    """A value in lower case; a `literal` one was in quotes and is no keyword."""

    text: str
    literal: bool = False


def value_as_typed(value: Value) -> str:
    """Return a value as it is typed, with quotes where it needs them."""
    text, compared = value.text, ""
    if not value.literal and (found := _COMPARED.fullmatch(text)) is not None and found[2]:
        compared, text = found[1], found[2]
    if _BARE_VALUE.fullmatch(text) and not value.literal:
        return f"{compared}{text}"
    return f"{compared}{_in_quotes(text)}"


def name_as_value(name: str) -> str:
    """Return a name as one value of a field, in quotes where it would be read as several or as a keyword."""
    needs_quotes = _BARE_VALUE.fullmatch(name) is None or name.casefold() in KEYWORDS or name[0] in "<>="
    return _in_quotes(name) if needs_quotes else name


def _in_quotes(text: str) -> str:
    doubled = text.replace('"', '""')
    return f'"{doubled}"'
