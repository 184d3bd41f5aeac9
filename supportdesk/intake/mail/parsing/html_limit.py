"""Cuts HTML that would take a parser too long.

A parser of HTML5 takes quadratic time for elements that are never closed, and repeats open fonts in each new paragraph:
a megabyte could become gigabytes.
"""

from __future__ import annotations

import re
from collections import Counter

from msgspec import Struct

MOST_HTML = 1_000_000
"""The most characters of HTML that are read."""

_MOST_WORK = 1_500_000
"""The most work for all tags: for each, _TAG_WORK and the levels that are open. A newsletter has some 250,000."""

_TAG_WORK = 10

_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9:-]{0,30})")
_CLOSED_BY_THEMSELVES = frozenset(
    {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "wbr"}
    | {"p", "li", "dt", "dd", "td", "th", "tr", "tbody", "thead", "tfoot", "option", "body", "html", "head"}
)


class CutHtml(Struct, frozen=True):
    """HTML that can be read in a short time."""

    html: str
    is_cut: bool


def cut_html(html: str) -> CutHtml:
    """Return as much of the beginning of HTML as can be read in a short time; all of any that people write."""
    is_cut = len(html) > MOST_HTML
    html = html[:MOST_HTML]
    opened: Counter[str] = Counter()
    depth = work = 0
    for tag in _TAG.finditer(html):
        name = tag[2].lower()
        if tag[1]:
            if opened[name]:
                opened[name] -= 1
                depth -= 1
        elif name not in _CLOSED_BY_THEMSELVES:
            opened[name] += 1
            depth += 1
        work += _TAG_WORK + depth
        if work > _MOST_WORK:
            return CutHtml(html[: tag.start()], is_cut=True)
    return CutHtml(html, is_cut)
