"""Text from outside on its way to the terminal: shown as it reads, never obeyed.

`safe` makes what a widget takes from a text, so that no square bracket becomes markup. `SanitizingFilter` is the last
defence: it looks at every segment that any widget draws and lets no control character, escape or reordering pass, nor
a character that the terminal has no sign for.
"""

from __future__ import annotations

import re

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from textual.color import Color
from textual.content import Content
from textual.filter import LineFilter
from textual.style import Style

from supportdesk.console.terminal.ascii_fallback import ascii_translator
from supportdesk.tickets.plain_text import UNWANTED

_BREAKS = re.compile("[\n\t\u2028\u2029]+")


def safe(text: str, style: str | Style = "") -> Content:
    """A text from outside as one line for a widget, a label, a border title or a notification; never markup."""
    return Content.styled(_sanitize(_BREAKS.sub(" ", text)), style)


def one_line(text: str) -> str:
    """Several lines of a text as one, with a space between them; a single line as it is."""
    lines = text.splitlines()
    return " ".join(filter(None, map(str.strip, lines))) if len(lines) > 1 else "".join(lines)


def safe_lines(text: str, style: str | Style = "") -> Content:
    """A text from outside that keeps its lines; tabs become spaces."""
    lines = text.expandtabs(4).split("\n")
    return Content.styled("\n".join(map(_sanitize, lines)), style)


def _sanitize(text: str) -> str:
    # Every unwanted character is one that Python calls unprintable: most texts pass at the speed of one look.
    return text if text.isprintable() else UNWANTED.sub("", text)


class SanitizingFilter(LineFilter):
    """Takes what is unwanted out of every drawn segment and keeps its width, so that nothing behind it moves."""

    def __init__(self, enabled: bool = True) -> None:
        super().__init__(enabled)
        self.letters = ascii_translator()
        """What puts a text into characters that the terminal has; None where it has them all."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The same segments without anything that a terminal would obey, or does not have."""
        if not all(text.isprintable() and not (style and style.link) for text, style, _ in segments):
            segments = [_sanitize_segment(segment) for segment in segments]
        if self.letters is None:
            return segments
        return [Segment(self.letters(text), style, control) for text, style, control in segments]


def _sanitize_segment(segment: Segment) -> Segment:
    text, style, control = segment
    if style and style.link and not style.link.isprintable():
        style = style.update_link(None)
    if not text.isprintable():
        width = cell_len(text)
        text = set_cell_size(UNWANTED.sub("", _BREAKS.sub("", text)), width)
    return Segment(text, style, control)
