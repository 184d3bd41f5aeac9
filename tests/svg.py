"""Pictures of screens: without the fonts that they would fetch from elsewhere, and as the text that stands on them."""

from __future__ import annotations

import html
import re

_FONT = re.compile(r"[ \t]*@font-face \{[^}]*\}\s*")
_USED = re.compile(r'class="terminal-r(\d+)"')
_RULE = re.compile(r" *\.terminal-r(\d+) \{([^}]*)\}\n")
_DRAWN = re.compile(r'<text [^>]*clip-path="url\(#[^)]*-line-(\d+)\)"[^>]*>([^<]*)</text>')


def without_fetched_fonts(svg: str) -> str:
    """The same picture in whatever monospaced font is there."""
    return _FONT.sub("", svg)


def with_used_styles(svg: str) -> str:
    """The same picture without the styles of blanks, which no text uses, and the others numbered as they are used."""
    places = {number: place for place, number in enumerate(dict.fromkeys(_USED.findall(svg)), 1)}
    rules = sorted((places[number], rule) for number, rule in _RULE.findall(svg) if number in places)
    told = iter(f".terminal-r{place} {{{rule}}}\n" for place, rule in rules)
    svg = _RULE.sub(lambda rule: next(told) if rule[1] in places else "", svg)
    return _USED.sub(lambda used: f'class="terminal-r{places[used[1]]}"', svg)


def lines_of(svg: str) -> list[str]:
    """The text of a picture, line by line, with one space for many."""
    drawn: dict[int, list[str]] = {}
    for line, text in _DRAWN.findall(svg):
        drawn.setdefault(int(line), []).append(html.unescape(text).replace("\N{NO-BREAK SPACE}", " "))
    return [" ".join(" ".join(drawn[line]).split()) for line in sorted(drawn)]
