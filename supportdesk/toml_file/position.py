"""The line of a TOML file on which a place such as `$.severities[0].response` is written.

The TOML reader of the standard library keeps no lines, so that the headers and keys are looked for anew. The answer is
for a person's eye: where a part of a place cannot be found, it is the line of the table that should hold it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_STEP = re.compile(r"\.?([^.\[\]]+)|\[(\d+)\]")
_HEADER = re.compile(r"\s*(\[\[?)\s*([\w.\"'-]+)\s*\]\]?\s*(?:#.*)?")
_KEY = re.compile(r"\s*([\w.\"'-]+)\s*=")


@dataclass(frozen=True, slots=True)
class _Written:
    """One header or key of the file; `path` is its place, with the number of each table of an array."""

    line: int
    path: tuple[str, ...]


def line_of(text: str, place: str) -> int | None:
    """The number, from 1, of the line that holds `place` or the nearest thing around it; None where nothing does."""
    wanted = tuple(name or number for name, number in _STEP.findall(place.removeprefix("$")))
    written = _written(text)
    for length in range(len(wanted), 0, -1):
        for each in written:
            if each.path[:length] == wanted[:length]:
                return each.line
    return None


def _written(text: str) -> list[_Written]:
    found: list[_Written] = []
    counts: dict[str, int] = {}
    table: tuple[str, ...] = ()
    inside = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if not inside:
            if header := _HEADER.fullmatch(line):
                table = _table(header[1], _names(header[2]), counts)
                found.append(_Written(number, table))
            elif key := _KEY.match(line):
                found.append(_Written(number, table + _names(key[1])))
        inside = _left_open(line, inside)
    return found


def _names(dotted: str) -> tuple[str, ...]:
    return tuple(name.strip("\"'") for name in dotted.split("."))


def _table(brackets: str, names: tuple[str, ...], counts: dict[str, int]) -> tuple[str, ...]:
    """The place of a table; each part of its name that is an array of tables means the last one so far."""
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


def _left_open(line: str, inside: str) -> str:
    """The quotes of the text over several lines that is open after `line`, or nothing."""
    for quotes in ('"""', "'''"):
        if inside in ("", quotes) and line.count(quotes) % 2:
            return "" if inside else quotes
    return inside
