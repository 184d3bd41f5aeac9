"""How what may be out of date is drawn: in its own colours, half-way to the ground."""

from __future__ import annotations

from rich.style import Style
from textual.filter import dim_color


def dimmed(style: Style, ground: Style) -> Style:
    """A style with its text dimmed on a ground; done here, as not every terminal can dim."""
    if style.color is None or ground.bgcolor is None:
        return style
    if style.color.triplet is None or ground.bgcolor.triplet is None:
        # The theme leaves a colour to the terminal, which alone can dim it.
        return style + Style(dim=True)
    return style + Style(color=dim_color(ground.bgcolor, style.color))
