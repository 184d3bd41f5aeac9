"""Moves the focus so that the next key goes there."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textual.widget import Widget


def focus_at_once(widget: Widget) -> None:
    """Focus a widget of a screen now; Textual's own `focus` does so later, perhaps after the next key."""
    widget.screen.set_focus(widget)
