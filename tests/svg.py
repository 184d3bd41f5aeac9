"""What a picture of a screen is kept without: fonts that it would have fetched from elsewhere when somebody looks."""

from __future__ import annotations

import re

_FONT = re.compile(r"[ \t]*@font-face \{[^}]*\}\s*")


def without_fetched_fonts(svg: str) -> str:
    """The same picture in whatever monospaced font is there."""
    return _FONT.sub("", svg)
