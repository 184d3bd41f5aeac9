"""Keys in texts, named as they are bound: beside what a dialog, a line or a message says that they do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from textual.content import Content
from textual.screen import Screen

from supportdesk.console.keys.keymap import bound_keys
from supportdesk.console.keys.refusal_text import bound_key

STRONG = "bold $foreground"
"""The style that makes a key or a subject stand out in a muted line."""


def key_for(screen: Screen[Any], name: str) -> str:
    """Return the display name of the key bound to this id, with the operator's own binding."""
    overrides: Mapping[str, str] = getattr(screen.app, "key_overrides", {})
    return bound_key(name, bound_keys(overrides))


def key_hints(*keys: tuple[str, str]) -> Content:
    """Return keys with their actions as one line: `F2 send   esc leave`."""
    hints = [Content.assemble((key, STRONG), " ", action) for key, action in keys]
    return Content("   ").join(hints)
