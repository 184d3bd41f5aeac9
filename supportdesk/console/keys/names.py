"""The names of keys: Textual's, those in a config file, and those on the screen."""

from __future__ import annotations

import string
import unicodedata

from textual.keys import KEY_NAME_REPLACEMENTS, Keys

MODIFIERS = ("ctrl+", "alt+", "shift+")


def canonical_key(name: str) -> str:
    """Return Textual's name of a key, which may be written as a character: `slash` for `/`."""
    name = name.strip()
    if len(name) != 1 or name.isalnum():
        return name
    textual_name = unicodedata.name(name, name).lower().replace("-", "_").replace(" ", "_")
    return KEY_NAME_REPLACEMENTS.get(textual_name, textual_name)


_SIGNS = {canonical_key(sign): sign for sign in string.punctuation}
_NAMED = {key.value for key in Keys if key.value[0] != "<"} | _SIGNS.keys()
NAMES = _SIGNS | {
    "escape": "esc",
    "pagedown": "PgDn",
    "pageup": "PgUp",
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
    "f15": "⇧F3",
}
"""How keys are shown on the screen, if not by their names."""


def is_key(name: str) -> bool:
    """Return whether there is a key of this name."""
    name = canonical_key(name)
    if name in _NAMED or (len(name) == 1 and name.isprintable()):
        return True
    modifier = next((each for each in MODIFIERS if name.startswith(each)), None)
    rest = name.removeprefix(modifier or name)
    # A shifted letter comes as the capital that it is.
    return is_key(rest) if rest and not (modifier == "shift+" and len(rest) == 1) else False


def is_text(name: str) -> bool:
    """Return whether a key types a character."""
    name = canonical_key(name)
    return name in _SIGNS or name == "space" or (len(name) == 1 and name.isprintable())


def display(keys: str) -> str:
    """Return the first of some keys as it is shown: `^p` or `PgDn`."""
    return display_all(keys.split(",", maxsplit=1)[0])


def display_all(keys: str) -> str:
    """Return all of some keys as they are shown: `/ F3`."""
    return " ".join(_written(name.strip()) for name in keys.split(","))


def _written(name: str) -> str:
    if name.startswith("shift+"):
        return f"⇧{_written(name.removeprefix('shift+'))}"
    if name.startswith("ctrl+"):
        return f"^{name.removeprefix('ctrl+')}"
    return NAMES.get(name, name.upper() if len(name) > 1 and name[0] == "f" and name[1:].isdigit() else name)
