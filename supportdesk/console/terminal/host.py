"""The terminal around the screen: its title, and notices on the desktop that it stands on.

Nothing that came from outside gets into a sequence but what can be printed: no text can end one early.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from supportdesk.console.terminal.ascii_fallback import ascii_translator

if TYPE_CHECKING:
    from supportdesk.settings.settings import Notices

SAVE_TITLE, RESTORE_TITLE = "\x1b[22;2t", "\x1b[23;2t"
"""What makes a terminal keep the title that it has, and take it back; those that cannot ignore both."""
LONGEST = 160
"""How much of a notice is shown; desktops cut them anyway."""


class HostTerminal:
    """Tells one terminal what is not drawn on it. `write` sends a sequence, past everything that draws."""

    def __init__(self, write: Callable[[str], None]) -> None:
        self._write = write
        self._title = ""

    def show_title(self, title: str) -> None:
        """Shows a title in the terminal's own frame."""
        if title != self._title:
            sequence = f"\x1b]2;{printable(title)}\x07"
            self._write(sequence if self._title else SAVE_TITLE + sequence)
        self._title = title

    def notify(self, text: str, how: Notices) -> None:
        """Puts a notice on the desktop, in the way that the terminal understands."""
        self._write(notice_sequence(text, how))

    def leave(self) -> None:
        """Gives the terminal its title back."""
        if self._title:
            self._write(RESTORE_TITLE)


def notice_sequence(text: str, how: Notices) -> str:
    """What makes a terminal put a notice on the desktop; nothing where none are wanted."""
    if how.by == "off":
        return ""
    # A semicolon would begin another field.
    told = printable(text).replace(";", ",")[:LONGEST]
    sequence = (
        f"\x1b]9;supportdesk: {told}\x07" if how.by == "osc9" else f"\x1b]777;notify;supportdesk;{told}\x07"
    )
    return f"\x1bPtmux;\x1b{sequence}\x1b\\" if how.tmux else sequence


def printable(text: str) -> str:
    """A text without anything that a terminal would obey, or does not have."""
    plain, letters = "".join(character for character in text if character.isprintable()), ascii_translator()
    return letters(plain) if letters is not None else plain
