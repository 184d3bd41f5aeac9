"""Dims what may be out of date: its own colours, blended half-way into the background."""

from __future__ import annotations

from rich.style import Style
from textual.filter import dim_color


def dimmed(style: Style, ground: Style) -> Style:
    """Return a style with its text dimmed on a background; not every terminal can dim by itself."""
    if style.color is None or ground.bgcolor is None:
        return style
    return style + Style(color=dim_color(ground.bgcolor, style.color))
