"""Makes text from outside safe to draw: it is shown, never interpreted.

`safe` turns a text into content for a widget, without markup. `SanitizingFilter` is the last defence: it removes
control characters, escapes, stray joiners and bidi overrides from every segment that any widget draws, and replaces
characters that the terminal lacks.
"""

from __future__ import annotations

import re
from itertools import takewhile

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from textual.color import Color
from textual.content import Content
from textual.filter import LineFilter
from textual.style import Style

from supportdesk.console.terminal.ascii_fallback import ascii_translator
from supportdesk.tickets.plain_text import UNWANTED

_BREAKS = re.compile("[\n\t\u2028\u2029]+")
_SIGN = "[\u203c-\u2bff\ufe0f\U0001f000-\U0001faff]"
_STRAY_JOINER = re.compile(f"(?<!{_SIGN})\u200d|\u200d(?!{_SIGN})")
"""A joiner that makes no emoji of two: what follows it would be counted as no cell wide, and a terminal draws it."""
_FIRST_ACCENT = "\u0300"


def safe(text: str, style: str | Style = "") -> Content:
    """Return a text from outside as one line for a widget, label, border title or notification; never markup."""
    return Content.styled(_sanitize(_BREAKS.sub(" ", text)), style)


def one_line(text: str) -> str:
    """Return several lines as one, with a space between them; a single line unchanged."""
    lines = text.splitlines()
    return " ".join(filter(None, map(str.strip, lines))) if len(lines) > 1 else "".join(lines)


def safe_lines(text: str, style: str | Style = "") -> Content:
    """Return a text from outside with its line breaks; tabs become spaces."""
    lines = text.expandtabs(4).split("\n")
    return Content.styled("\n".join(map(_sanitize, lines)), style)


def _sanitize(text: str) -> str:
    # Every unwanted character is unprintable to Python, so that most texts need only one fast check.
    if not text.isprintable():
        text = _STRAY_JOINER.sub("", UNWANTED.sub("", text))
    # An accent without a letter would be drawn on what stands before the text.
    accents = takewhile(lambda each: each >= _FIRST_ACCENT and cell_len(each) == 0, text)
    return text[sum(1 for _ in accents) :]


class SanitizingFilter(LineFilter):
    """Removes unwanted characters from every drawn segment and keeps its width, so that nothing after it moves."""

    def __init__(self, enabled: bool = True) -> None:
        super().__init__(enabled)
        self.letters = ascii_translator()
        """Replaces characters that the terminal lacks; None if it lacks none."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Return the segments without control characters, in characters that the terminal has."""
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
        text = set_cell_size(_STRAY_JOINER.sub("", UNWANTED.sub("", _BREAKS.sub("", text))), width)
    return Segment(text, style, control)
