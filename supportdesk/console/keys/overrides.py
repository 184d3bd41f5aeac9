"""Validates the operator's key bindings."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping

from supportdesk.console.keys.conflicts import find_conflicts
from supportdesk.console.keys.key import Key, Scope
from supportdesk.console.keys.keymap import KEYS, bound_keys
from supportdesk.console.keys.names import canonical_key, display, is_key, is_text
from supportdesk.toml_file.document import Fault

_OF_A_LIST = frozenset({"space", "up", "down", "k", "j", "home", "end", "g", "G"})
FIXED = {
    Scope.QUESTION: frozenset({"enter", "space", "up", "down", "left", "right", "home", "end"}),
    Scope.READ_BACK: frozenset({"enter", "f2", "space", "up", "down", "k", "j", "home", "end", "g", "G"}),
    Scope.LISTENING: _OF_A_LIST,
    Scope.ATTACHMENTS: _OF_A_LIST,
}
"""Keys with a fixed meaning in a dialog, which cannot be rebound there."""


def validate_overrides(overrides: Mapping[str, str]) -> tuple[dict[str, str], list[Fault]]:
    """Return the overrides, by id, that leave every key with one action, and the faults of the others.

    A key that is another action's default is accepted only if that action is rebound too: otherwise neither of the two
    would clearly be meant.
    """
    faults = list(_invalid_overrides(overrides))
    wrong = {fault.place for fault in faults}
    good = {name: keys for name, keys in overrides.items() if _place(name) not in wrong}
    # When an override is dropped, its default may conflict with a third.
    while found := find_conflicts(bound_keys(good)):
        faults += [Fault(_place(next(filter(good.get, clash.ids))), str(clash)) for clash in found]
        dropped = {name for clash in found for name in clash.ids}
        good = {name: keys for name, keys in good.items() if name not in dropped}
    return good, faults


def _invalid_overrides(overrides: Mapping[str, str]) -> Iterator[Fault]:
    known = {key.id: key for key in KEYS}
    for name, keys in overrides.items():
        if name not in known:
            near = _find_similar_ids(name, list(known))
            meant = (
                f"; did you mean {' or '.join(near)}?" if near else "; `supportdesk config --keys` lists them"
            )
            yield Fault(_place(name), f"is not the id of a key{meant}")
            continue
        unknown = [each.strip() for each in keys.split(",") if not is_key(each)]
        if unknown:
            reason = ", ".join(repr(each) for each in unknown)
            yield Fault(_place(name), f"unknown key {reason}; write one such as c, X, f3, ctrl+p or slash")
        elif taken := [
            each for each in keys.split(",") if canonical_key(each) in FIXED.get(known[name].scope, ())
        ]:
            reason = f"{display(taken[0])} has a fixed meaning there; choose another key"
            yield Fault(_place(name), reason)
        elif known[name].works_in_fields and any(_types(each, known[name]) for each in keys.split(",")):
            reason = "types text where this key works; choose one that does not, such as f2 or ctrl+s"
            yield Fault(_place(name), f"{keys!r} {reason}")


def _find_similar_ids(name: str, ids: list[str]) -> list[str]:
    """Return the ids of keys whose last part is that of a name, else the one most like it, if any."""
    last = name.lower().rpartition(".")[2]
    same = [each for each in ids if each.rpartition(".")[2] == last]
    return same or difflib.get_close_matches(name, ids, n=1)


def _types(name: str, key: Key) -> bool:
    """Return whether a key types a character, or is handled by a text field before any other action."""
    if is_text(name) or key.before_focus:
        return is_text(name)
    from textual.binding import BindingsMap
    from textual.widgets import Input, TextArea

    fields = (BindingsMap(field.BINDINGS).key_to_bindings for field in (Input, TextArea))
    return any(canonical_key(name) in keys for keys in fields)


def _place(name: str) -> str:
    return f"$.keys.{name}"
