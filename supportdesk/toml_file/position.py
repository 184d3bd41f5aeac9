"""Finds the line of a TOML file for a position such as `$.severities[0].response`.

The standard library's TOML reader keeps no line numbers, so headers and keys are searched for in the text. The result
is for display: where part of a position cannot be found, it is the line of the enclosing table.
"""

from __future__ import annotations

import re

import msgspec

_STEP = re.compile(r"\.?([^.\[\]]+)|\[(\d+)\]")
_HEADER = re.compile(r"\s*(\[\[?)\s*([\w.\"'-]+)\s*\]\]?\s*(?:#.*)?")
_KEY = re.compile(r"\s*([\w.\"'-]+)\s*=")


class _Item(msgspec.Struct, frozen=True):
    """One header or key of the file; `path` is its position, with the index of each table of an array."""

    line: int
    path: tuple[str, ...]


def line_of(text: str, place: str) -> int | None:
    """Return the line, from 1, of `place` or its closest enclosing table; None where there is none."""
    wanted = tuple(name or number for name, number in _STEP.findall(place.removeprefix("$")))
    written = _items(text)
    for length in range(len(wanted), 0, -1):
        for each in written:
            if each.path[:length] == wanted[:length]:
                return each.line
    return None


def _items(text: str) -> list[_Item]:
    found: list[_Item] = []
    counts: dict[str, int] = {}
    table: tuple[str, ...] = ()
    inside = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if not inside:
            if header := _HEADER.fullmatch(line):
                table = _table(header[1], _names(header[2]), counts)
                found.append(_Item(number, table))
            elif key := _KEY.match(line):
                found.append(_Item(number, table + _names(key[1])))
        inside = _open_quotes(line, inside)
    return found


def _names(dotted: str) -> tuple[str, ...]:
    return tuple(name.strip("\"'") for name in dotted.split("."))


def _table(brackets: str, names: tuple[str, ...], counts: dict[str, int]) -> tuple[str, ...]:
    """Return the position of a table; a name of an array of tables means its last table so far."""
    path: tuple[str, ...] = ()
    for name in names[:-1]:
        path += (name,)
        if "/".join(path) in counts:
            path += (str(counts["/".join(path)]),)
    path += (names[-1],)
    if brackets == "[[":
        key = "/".join(path)
        counts[key] = counts.get(key, -1) + 1
        path += (str(counts[key]),)
    return path


def _open_quotes(line: str, inside: str) -> str:
    """Return the quotes of the multi-line string still open after `line`, or an empty text."""
    for quotes in ('"""', "'''"):
        if inside in ("", quotes) and line.count(quotes) % 2:
            return "" if inside else quotes
    return inside
