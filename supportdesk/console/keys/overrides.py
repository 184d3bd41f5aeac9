"""Keys bound otherwise by a person: what of it can be done, and why the rest cannot."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping

from supportdesk.console.keys.keymap import KEYS, Key, Scope, find_conflicts, remapped
from supportdesk.console.keys.names import canonical, display, is_key, is_text
from supportdesk.toml_file.document import Fault

FIXED = {
    Scope.QUESTION: frozenset({"enter", "space", "up", "down", "left", "right", "home", "end"}),
    Scope.READ_BACK: frozenset({"enter", "f2", "space", "up", "down", "k", "j", "home", "end", "g", "G"}),
}
"""Keys that do something of their own in a dialog, and cannot do anything else there."""


def validate_overrides(overrides: Mapping[str, str]) -> tuple[dict[str, str], list[Fault]]:
    """The overrides, by id, that leave every key one thing to do, and what is wrong with the others.

    A key that something else has by default can be taken only where that is bound otherwise, too: neither of the two
    would be the one that is meant.
    """
    faults = list(_impossible(overrides))
    wrong = {fault.place for fault in faults}
    good = {name: keys for name, keys in overrides.items() if _place(name) not in wrong}
    # Without one of a pair, another may stand in the way of a third.
    while found := find_conflicts(remapped(good)):
        faults += [Fault(_place(next(filter(good.get, clash.ids))), str(clash)) for clash in found]
        dropped = {name for clash in found for name in clash.ids}
        good = {name: keys for name, keys in good.items() if name not in dropped}
    return good, faults


def _impossible(overrides: Mapping[str, str]) -> Iterator[Fault]:
    known = {key.id: key for key in KEYS}
    for name, keys in overrides.items():
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            meant = f"; did you mean {near[0]}?" if near else "; `supportdesk config --keys` lists them"
            yield Fault(_place(name), f"is not the id of a key{meant}")
            continue
        unknown = [each.strip() for each in keys.split(",") if not is_key(each)]
        if unknown:
            told = ", ".join(repr(each) for each in unknown)
            yield Fault(_place(name), f"unknown key {told}; write one such as c, X, f3, ctrl+p or slash")
        elif taken := [
            each for each in keys.split(",") if canonical(each) in FIXED.get(known[name].place, ())
        ]:
            told = f"{display(taken[0])} has a fixed meaning there; choose another key"
            yield Fault(_place(name), told)
        elif known[name].works_in_fields and any(_types(each, known[name]) for each in keys.split(",")):
            told = "types text where this key works; choose one that does not, such as f2 or ctrl+s"
            yield Fault(_place(name), f"{keys!r} {told}")


def _types(name: str, key: Key) -> bool:
    """Whether a key types something, or does something to the text in a field before it could do anything else."""
    if is_text(name) or key.first:
        return is_text(name)
    from textual.binding import BindingsMap
    from textual.widgets import Input, TextArea

    fields = (BindingsMap(field.BINDINGS).key_to_bindings for field in (Input, TextArea))
    return any(canonical(name) in keys for keys in fields)


def _place(name: str) -> str:
    return f"$.keys.{name}"
