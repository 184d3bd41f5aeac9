"""Cuts HTML that would take a parser too long, in all parts of a message together.

A parser of HTML5 takes quadratic time for elements that are never closed, and repeats open fonts in each new paragraph:
a megabyte could become gigabytes.
"""

from __future__ import annotations

import re
from collections import Counter

from msgspec import Struct

MOST_HTML = 1_000_000
"""The most characters of HTML that are read of a message."""

_MOST_WORK = 1_500_000
"""The most work for all tags: for each, _TAG_WORK and the levels that are open. A newsletter has some 250,000."""

_TAG_WORK = 10

_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9:-]{0,30})")
_CLOSED_BY_THEMSELVES = frozenset(
    {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "wbr"}
    | {"p", "li", "dt", "dd", "td", "th", "tr", "tbody", "thead", "tfoot", "option", "body", "html", "head"}
)


class CutHtml(Struct, frozen=True):
    """HTML that can be read in a short time. `is_cut` says that there was more."""

    html: str
    is_cut: bool


class HtmlBudget(Struct):
    """What may still be read of the HTML of a message: characters, and work for their tags."""

    length: int = MOST_HTML
    work: int = _MOST_WORK

    def cut(self, html: str) -> CutHtml:
        """Return as much of the beginning of HTML as may be read; all of any that people write."""
        is_cut = len(html) > self.length
        html = html[: self.length]
        opened: Counter[str] = Counter()
        depth = 0
        for tag in _TAG.finditer(html):
            name = tag[2].lower()
            if tag[1]:
                if opened[name]:
                    opened[name] -= 1
                    depth -= 1
            elif name not in _CLOSED_BY_THEMSELVES:
                opened[name] += 1
                depth += 1
            self.work -= _TAG_WORK + depth
            if self.work < 0:
                html, is_cut = html[: tag.start()], True
                break
        self.length -= len(html)
        return CutHtml(html, is_cut)
