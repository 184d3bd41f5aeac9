"""The settings as their file has them, and everything that is wrong with it; it never fails."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from supportdesk.settings.partial_decode import salvage
from supportdesk.settings.settings import DEFAULTS, OwnColumn, OwnView, Settings
from supportdesk.sla.opening_hours import CalendarError
from supportdesk.sla.wall_clock import load_zone
from supportdesk.toml_file.document import Fault, UnreadableError, read_toml, told

Named = TypeVar("Named", OwnView, OwnColumn)


@dataclass(frozen=True, slots=True)
class Loaded:
    """Settings that can be worked with: whatever `faults` names is left out of them."""

    path: Path
    settings: Settings = DEFAULTS
    faults: tuple[Fault, ...] = ()
    text: str = ""
    document: Mapping[str, Any] = field(default_factory=dict)

    def told(self) -> list[str]:
        """Each fault in a line of words, with the file, the line, the place and what to do."""
        return [told(self.path, fault, self.text) for fault in self.faults]

    def but(self, settings: Settings, faults: Sequence[Fault]) -> Loaded:
        """The same with other settings, and with more faults."""
        return replace(self, settings=settings, faults=(*self.faults, *faults))

    def place(self, kind: str, name: str) -> str:
        """Where the view or the column of this name stands in the file, whatever else is left out of it."""
        names = [each.get("name") if isinstance(each, dict) else None for each in self.document[kind]]
        return f"$.{kind}[{names.index(name)}]"


def load_settings(path: Path) -> Loaded:
    """What stands in a file; a file that is not there says nothing."""
    try:
        text, document = read_toml(path)
    except UnreadableError as error:
        missing = isinstance(error.__cause__, FileNotFoundError)
        return Loaded(path, faults=() if missing else (error.fault,))
    if isinstance(keys := document.get("keys"), dict):
        document["keys"] = dict(_flat(keys))
    settings, faults = salvage(document, Settings)
    if settings.timezone is not None:
        try:
            load_zone(settings.timezone)
        except CalendarError as error:
            faults.append(Fault("$.timezone", str(error)))
            settings = msgspec.structs.replace(settings, timezone=None)
    faults += [*_twice("views", document), *_twice("columns", document)]
    settings = msgspec.structs.replace(
        settings, views=_first_of_each(settings.views), columns=_first_of_each(settings.columns)
    )
    return Loaded(path, settings, tuple(faults), text, document)


def _flat(table: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    """Ids with dots in them, whether they were written with quotes or without: TOML makes tables of the latter."""
    for name, value in table.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{before}{name}.")
        else:
            yield f"{before}{name}", value


def _twice(kind: str, document: Mapping[str, Any]) -> Iterator[Fault]:
    """Each thing of a list that has the name of one before it."""
    listed = document.get(kind)
    seen: set[str] = set()
    for number, each in enumerate(listed if isinstance(listed, list) else ()):
        name = each.get("name") if isinstance(each, dict) else None
        if isinstance(name, str) and name.casefold() in seen:
            yield Fault(f"$.{kind}[{number}].name", f"{name!r} is there twice; give one another name")
        elif isinstance(name, str):
            seen.add(name.casefold())


def _first_of_each(things: tuple[Named, ...]) -> tuple[Named, ...]:
    first: dict[str, Named] = {}
    for thing in things:
        first.setdefault(thing.name.casefold(), thing)
    return tuple(first.values())
