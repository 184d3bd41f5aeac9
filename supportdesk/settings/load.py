"""Loads the settings file and lists its faults; faulty settings keep their defaults."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from msgspec.structs import replace

from supportdesk.settings.partial_decode import decode_valid_parts
from supportdesk.settings.settings import DEFAULTS, Settings, UserColumn, UserView
from supportdesk.sla.opening_hours import CalendarError
from supportdesk.sla.wall_clock import load_zone
from supportdesk.toml_file.document import Fault, UnreadableError, describe_fault, read_toml
from supportdesk.toml_file.position import line_of

Named = TypeVar("Named", UserView, UserColumn)


class LoadedSettings(msgspec.Struct, frozen=True):
    """Usable settings: those named in `faults` keep their defaults. `text` and `document` are the file's."""

    path: Path
    settings: Settings = DEFAULTS
    faults: tuple[Fault, ...] = ()
    text: str = ""
    document: Mapping[str, Any] = msgspec.field(default_factory=dict)

    def fault_lines(self) -> list[str]:
        """Return one line per fault, with the file, the line, the position and what to do."""
        in_order = sorted(self.faults, key=lambda fault: line_of(self.text, fault.place) or 0)
        return [describe_fault(self.path, fault, self.text) for fault in in_order]

    def with_faults(self, settings: Settings, faults: Sequence[Fault]) -> LoadedSettings:
        """Return a copy with other settings and further faults."""
        return replace(self, settings=settings, faults=(*self.faults, *faults))

    def position(self, table: str, name: str) -> str:
        """Return the position in the file of the view or column of this name."""
        names = [each.get("name") if isinstance(each, dict) else None for each in self.document[table]]
        return f"$.{table}[{names.index(name)}]"


def load_settings(path: Path) -> LoadedSettings:
    """Load a settings file; a missing file gives the defaults. Never raises for the file's content."""
    try:
        text, document = read_toml(path)
    except UnreadableError as error:
        missing = isinstance(error.__cause__, FileNotFoundError)
        return LoadedSettings(path, faults=() if missing else (error.fault,))
    if isinstance(keys := document.get("keys"), dict):
        document["keys"] = dict(_flatten(keys))
    settings, faults = decode_valid_parts(document, Settings)
    if settings.timezone is not None:
        try:
            load_zone(settings.timezone)
        except CalendarError as error:
            faults.append(Fault("$.timezone", str(error)))
            settings = msgspec.structs.replace(settings, timezone=None)
    faults += [*_duplicates("views", document), *_duplicates("columns", document)]
    settings = msgspec.structs.replace(
        settings, views=_first_of_each(settings.views), columns=_first_of_each(settings.columns)
    )
    return LoadedSettings(path, settings, tuple(faults), text, document)


def _flatten(table: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    """Yield ids with dots, quoted or not: TOML reads unquoted ones as nested tables."""
    for name, value in table.items():
        if isinstance(value, dict):
            yield from _flatten(value, f"{before}{name}.")
        else:
            yield f"{before}{name}", value


def _duplicates(table: str, document: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield a fault for each item of a list that repeats the name of an earlier one."""
    listed = document.get(table)
    seen: set[str] = set()
    for number, each in enumerate(listed if isinstance(listed, list) else ()):
        name = each.get("name") if isinstance(each, dict) else None
        if isinstance(name, str) and name.casefold() in seen:
            yield Fault(f"$.{table}[{number}].name", f"{name!r} is used twice; rename one")
        elif isinstance(name, str):
            seen.add(name.casefold())


def _first_of_each(things: tuple[Named, ...]) -> tuple[Named, ...]:
    first: dict[str, Named] = {}
    for thing in things:
        first.setdefault(thing.name.casefold(), thing)
    return tuple(first.values())
