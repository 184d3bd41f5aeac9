"""How what may be out of date is drawn: in its own colours, dimmed towards the ground."""

from __future__ import annotations

from rich.style import Style
from textual.filter import dim_color


def dimmed(style: Style, ground: Style) -> Style:
    """Return a style with its text dimmed on a ground: computed here, as not every terminal can dim.

    Where a theme leaves a colour to the terminal, only the terminal can dim it.
    """
    if style.color is None or ground.bgcolor is None:
        return style
    if style.color.triplet is None or ground.bgcolor.triplet is None:
        return style + Style(dim=True)
    return style + Style(color=dim_color(ground.bgcolor, style.color))
