"""The palette from which a command or a theme is chosen by name."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.command import CommandList, CommandPalette

from supportdesk.console.dialogs.backdrop import Backdrop
from supportdesk.console.dialogs.dismissal import DismissOnce
from supportdesk.console.widgets.stable_clicks import StableClicks


class CommandMatches(CommandList, StableClicks):
    """The matching commands, which change while the search runs."""


class Palette(CommandPalette, Backdrop[None], DismissOnce[None]):
    """Textual's palette, which cannot be left twice: the second time would close the screen below it."""

    def compose(self) -> ComposeResult:
        """Yield Textual's own widgets, with `CommandMatches` as the list."""
        for part in super().compose():
            yield CommandMatches() if isinstance(part, CommandList) else part
