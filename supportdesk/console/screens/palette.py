"""The list from which a command or a theme is chosen by name."""

from __future__ import annotations

from textual.command import CommandPalette

from supportdesk.console.screens.left_once import LeftOnce


class Palette(CommandPalette, LeftOnce[None]):
    """Textual's palette, which cannot be left twice: the second time would close the screen below it."""
