"""The terminal's title, and desktop notices through the terminal.

Only printable characters get into an escape sequence: no text from outside can end one early.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from supportdesk.console.terminal.ascii_fallback import ascii_translator

if TYPE_CHECKING:
    from supportdesk.settings.settings import NoticeSettings

SAVE_TITLE, RESTORE_TITLE = "\x1b[22;2t", "\x1b[23;2t"
"""Sequences that save and restore a terminal's title; terminals that cannot do so ignore both."""
LONGEST = 160
"""The longest notice, in characters; desktops shorten longer ones anyway."""


class HostTerminal:
    """Sets the title of one terminal and sends notices. `write` sends a sequence to it, past the compositor."""

    def __init__(self, write: Callable[[str], None]) -> None:
        self._write = write
        self._title = ""

    def show_title(self, title: str) -> None:
        """Set the terminal's title."""
        if title != self._title:
            sequence = f"\x1b]2;{printable(title)}\x07"
            self._write(sequence if self._title else SAVE_TITLE + sequence)
        self._title = title

    def notify(self, text: str, how: NoticeSettings) -> None:
        """Show a notice on the desktop, by the sequence that the settings name."""
        self._write(notice_sequence(text, how))

    def leave(self) -> None:
        """Restore the terminal's title."""
        if self._title:
            self._write(RESTORE_TITLE)


def notice_sequence(text: str, how: NoticeSettings) -> str:
    """Return the sequence that shows a desktop notice; empty if notices are off."""
    if how.by == "off":
        return ""
    # A semicolon would begin another field.
    plain = printable(text).replace(";", ",")[:LONGEST]
    sequence = (
        f"\x1b]9;supportdesk: {plain}\x07" if how.by == "osc9" else f"\x1b]777;notify;supportdesk;{plain}\x07"
    )
    return f"\x1bPtmux;\x1b{sequence}\x1b\\" if how.tmux else sequence


def printable(text: str) -> str:
    """Return a text without control characters, in characters that the terminal has."""
    plain, letters = "".join(character for character in text if character.isprintable()), ascii_translator()
    return letters(plain) if letters is not None else plain
