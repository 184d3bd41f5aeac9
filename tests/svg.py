"""Pictures of screens: without the fonts that they would fetch from elsewhere, and as the text that stands on them."""

from __future__ import annotations

import html
import re

_FONT = re.compile(r"[ \t]*@font-face \{[^}]*\}\s*")
_DRAWN = re.compile(r'<text [^>]*clip-path="url\(#[^)]*-line-(\d+)\)"[^>]*>([^<]*)</text>')


def without_fetched_fonts(svg: str) -> str:
    """The same picture in whatever monospaced font is there."""
    return _FONT.sub("", svg)


def lines_of(svg: str) -> list[str]:
    """The text of a picture, line by line, with one space for many."""
    drawn: dict[int, list[str]] = {}
    for line, text in _DRAWN.findall(svg):
        drawn.setdefault(int(line), []).append(html.unescape(text).replace("\N{NO-BREAK SPACE}", " "))
    return [" ".join(" ".join(drawn[line]).split()) for line in sorted(drawn)]
