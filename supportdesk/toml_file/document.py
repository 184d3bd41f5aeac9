"""Reads TOML files that people write, and describes faults with file, line and what to do."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from supportdesk.files import read_bytes
from supportdesk.toml_file.position import line_of

if TYPE_CHECKING:
    import msgspec

MAX_BYTES = 1 << 20
"""The largest size of a TOML file, in bytes: the worst case takes a few seconds."""

_PLACED = re.compile(r"(?P<reason>.*) - at `(?P<place>[^`]*)`", re.DOTALL)
_UNKNOWN = re.compile(r"Object contains unknown field `(.*)`")
_MISSING = re.compile(r"Object missing required field `(.*)`")
_TYPE = re.compile(r"`(\w+)`")
_ITEM = re.compile(r"([^.\[\]]+)\[(\d+)\]")
_NESTED = re.compile(r"([^.\[\]]+)\[(\d+)\]\.")
"""An item of a list of tables inside another one."""
_TYPES = {
    "str": "a text in quotes",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "array": "a list in brackets",
    "object": "a table",
}
_EXPECTED = re.compile(
    r"Expected (?P<type>[^<>=]+?)(?P<limits> (?P<sign>(?:of length )?[<>]=) (?P<limit>\d+))?(?:, got (?P<got>.*))?",
    re.DOTALL,
)
_LIMITS = {
    "<=": " up to ",
    ">=": " of at least ",
    "of length <=": " of a length up to ",
    "of length >=": " of a length of at least ",
}
_LINED = re.compile(r"(?P<reason>.*) \(at (?:line (?P<line>\d+), column \d+|end of document)\)", re.DOTALL)


_DEEP_KEY = re.compile(r"""(?<![\w"'-])(?:(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+){64}""")
"""A key of more than 64 parts: the time that tomllib takes for one grows with the square of their number."""


class Fault(msgspec.Struct, frozen=True):
    """What is wrong with a document. `place` is a position such as `$.severities[0].response`."""

    place: str
    reason: str


class UnreadableError(ValueError):
    """A file cannot be read or is not TOML; `fault` says why."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.reason)
        self.fault = fault


def read_toml(path: Path) -> tuple[str, dict[str, Any]]:
    """Return the text of a file and its document. Raises UnreadableError."""
    try:
        text = read_bytes(path, MAX_BYTES).decode("utf-8-sig")
    except OSError as error:
        raise UnreadableError(Fault("", f"cannot be read: {error.strerror or error}")) from error
    except UnicodeDecodeError as error:
        fault = Fault("", f"is not UTF-8 text: {error.reason} at byte {error.start}")
        raise UnreadableError(fault) from error
    return text, parse_toml(text)


def parse_toml(text: str) -> dict[str, Any]:
    """Parse a text. Raises UnreadableError."""
    import tomllib

    try:
        if _DEEP_KEY.search(text):
            raise RecursionError
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UnreadableError(_syntax_fault(text, str(error))) from error
    except RecursionError as error:
        raise UnreadableError(Fault("", "is nested too deeply; reduce the nesting")) from error
    except ValueError as error:
        raise UnreadableError(Fault("", "contains a number with too many digits; correct it")) from error


def fault_of_validation(error: msgspec.ValidationError, what: str, at: str = "$") -> Fault:
    """Return the fault that msgspec found below the position `at`; `what` names such documents in the plural."""
    found = _PLACED.fullmatch(str(error))
    place, reason = (f"{at}{found['place'][1:]}", found["reason"]) if found else (at, str(error))
    if unknown := _UNKNOWN.fullmatch(reason):
        return Fault(f"{place}.{unknown[1]}", f"is not known in {what} here; correct or remove it")
    if missing := _MISSING.fullmatch(reason):
        return Fault(place, f"{missing[1]} is missing; add it")
    reason = _TYPE.sub(lambda found: _TYPES.get(found[1], found[0]), reason)
    if expected := _EXPECTED.fullmatch(reason):
        limit = f"{_LIMITS[expected['sign']]}{expected['limit']}" if expected["limits"] else ""
        got = f", not {expected['got']}" if expected["got"] else ""
        return Fault(place, f"give {expected['type']}{limit}{got}")
    return Fault(place, f"{reason[0].lower()}{reason[1:]}; correct it")


def describe_fault(path: Path, fault: Fault, text: str = "") -> str:
    """Return one line with the file, the line of `text` if it is known, the position and the reason."""
    line = line_of(text, fault.place)
    where = f"{path}, line {line}" if line else f"{path}"
    return (
        f"{where}: {written_place(fault.place)}: {fault.reason}"
        if fault.place
        else f"{where}: {fault.reason}"
    )


def written_place(place: str) -> str:
    """Return a position as the file shows it: `[pane] width`, `[[views]] number 2, filter`, `theme`.

    Tables are counted from 1, inside another table too: `[[severities]] number 1, ladder number 2, to`.
    """
    if "..." in place:
        return place.removeprefix("$.")
    table, dot, rest = place.removeprefix("$").removeprefix(".").partition(".")
    if item := _ITEM.fullmatch(table):
        listed = f"[[{item[1]}]]" if rest else item[1]
        table = f"{listed} number {int(item[2]) + 1}{',' if rest else ''}"
    elif dot:
        table = f"[{table}]"
    return f"{table} {_NESTED.sub(_written_item, rest)}".rstrip()


def _written_item(found: re.Match[str]) -> str:
    return f"{found[1]} number {int(found[2]) + 1}, "


def _syntax_fault(text: str, error: str) -> Fault:
    found = _LINED.fullmatch(error)
    if found is None:
        return Fault("", f"is not TOML: {error}")
    line = found["line"] or text.count("\n") + 1
    return Fault("", f"is not TOML at line {line}: {found['reason']}")
