"""Turns HTML into a text that reads as it looks: paragraphs, lists, quotes, tables, and where links lead."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import nh3

_BLOCKS = frozenset(
    {
        "address",
        "article",
        "aside",
        "dd",
        "div",
        "dl",
        "dt",
        "figcaption",
        "figure",
        "footer",
        "form",
        "header",
        "main",
    }
    | {"nav", "section", "table", "tr", "caption", "center", "fieldset", "legend", "details", "summary"}
)
_PARAGRAPHS = frozenset({"p", "ul", "ol", "blockquote", "pre", "h1", "h2", "h3", "h4", "h5", "h6"})
_CELLS = frozenset({"td", "th"})
_TAGS = _BLOCKS | _PARAGRAPHS | _CELLS | {"a", "br", "hr", "img", "li"}
_UNSEEN = {"script", "style", "title", "template", "noframes"}
_DEEPEST = 50
_CELL = "\x1f"
"""Stands between the cells of a row while spaces are collapsed."""

_AMPERSAND = "\ue000"
"""Stands for `&` in nh3, which takes quadratic time for entities."""

_LINK = re.compile(r"(?:https?|ftp|mailto|tel):", re.IGNORECASE)
_HIDES = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all|(?:^|[;\s])(?:font-size|max-height|opacity)\s*:\s*0"
    r"(?:px|pt|em|%)?\s*(?:;|!|$)",
    re.IGNORECASE,
)
"""Matches a style that hides what has it."""
_EMPTY = frozenset({"br", "hr", "img"})
"""The tags that have no end."""
_SPACES = re.compile(r"[ \t\r\n\f]+")


def html_to_text(html: str, *, seen_only: bool = False) -> str:
    """Return the text of HTML that was cut to what can be read.

    Quoted text has `> ` before its lines, an item `- `; a link shows where it leads, unless that is what it says. With
    `seen_only`, what its styles hide is left out, such as the first line that newsletters have for lists of mail.
    """
    styled = {"*": {"style", "hidden"}} if seen_only else {}
    cleaned = nh3.clean(
        html.replace("\0", "").replace(_AMPERSAND, "").replace("&", _AMPERSAND),
        tags={*_TAGS, "span"} if seen_only else set(_TAGS),
        clean_content_tags=_UNSEEN,
        attributes={"a": {"href"}, "img": {"alt"}, **styled},
        link_rel=None,
    )
    writer = _SeenWriter() if seen_only else _Writer()
    writer.feed(cleaned.replace(_AMPERSAND, "&"))
    writer.close()
    return writer.finish()


class _Writer(HTMLParser):
    """Writes sanitised HTML, in which each tag is closed, as lines."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._lines: list[str] = []
        self._line: list[str] = []
        self._quotes = 0
        self._preformatted = 0
        self._blank_wanted = False
        self._last_quotes = 0
        self._cells = 0
        self._links: list[tuple[str, int]] = []

    def finish(self) -> str:
        """Return the text."""
        self._end_line()
        return "\n".join(self._lines)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin what a tag begins."""
        values = dict(attrs)
        if tag in _PARAGRAPHS:
            self._end_line()
            self._blank_wanted = True
        elif tag in _BLOCKS or tag in {"li", "hr"}:
            self._end_line()
        if tag == "blockquote":
            self._quotes += 1
        elif tag == "pre":
            self._preformatted += 1
        elif tag == "tr":
            self._cells = 0
        elif tag in _CELLS:
            self._begin_cell()
        else:
            self._begin_content(tag, values)

    def _begin_content(self, tag: str, values: dict[str, str | None]) -> None:
        if tag == "br":
            self._end_line(even_empty=True)
        elif tag == "hr":
            self._line.append("----")
            self._end_line()
        elif tag == "li":
            self._line.append("- ")
        elif tag == "img" and values.get("alt"):
            self._line.append(f"[{values['alt']}]")
        elif tag == "a":
            self._links.append((values.get("href") or "", len(self._line)))

    def _begin_cell(self) -> None:
        if self._cells and self._line:
            self._line.append(_CELL)
        self._cells += 1

    def handle_endtag(self, tag: str) -> None:
        """End what a tag began."""
        if tag == "a" and self._links:
            self._end_link(*self._links.pop())
        elif tag in _PARAGRAPHS:
            self._end_line()
            self._blank_wanted = True
            if tag == "blockquote":
                self._quotes = max(0, self._quotes - 1)
            elif tag == "pre":
                self._preformatted = max(0, self._preformatted - 1)
        elif tag in _BLOCKS or tag == "li":
            self._end_line()

    def handle_data(self, data: str) -> None:
        """Add text."""
        if not self._preformatted:
            self._line.append(_SPACES.sub(" ", data))
            return
        first, *others = data.split("\n")
        self._line.append(first)
        for line in others:
            self._end_line(even_empty=True)
            self._line.append(line)

    def _end_link(self, href: str, start: int) -> None:
        shown = "".join(self._line[start:]).strip()
        plain = href.removeprefix("mailto:").removeprefix("tel:")
        if _LINK.match(href) and _bare(plain) != _bare(shown):
            self._line.append(f" <{href}>")

    def _end_line(self, *, even_empty: bool = False) -> None:
        text = "".join(self._line)
        text = text.rstrip() if self._preformatted else _SPACES.sub(" ", text).strip(" ")
        text = text.replace(_CELL, "  ")
        self._line.clear()
        self._links = [(href, 0) for href, _ in self._links]
        if not text and not even_empty:
            return
        quotes = min(self._quotes, _DEEPEST)
        marks = "> " * quotes
        if self._blank_wanted and self._lines and self._lines[-1].strip("> "):
            self._lines.append(("> " * min(quotes, self._last_quotes)).rstrip())
        self._blank_wanted = False
        self._last_quotes = quotes
        self._lines.append(f"{marks}{text}".rstrip())


class _SeenWriter(_Writer):
    """Writes only what is seen of it."""

    def __init__(self) -> None:
        super().__init__()
        self._hidden: list[bool] = []
        """Whether each of the open tags hides what is in it."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin what a tag begins, if it is seen."""
        values = dict(attrs)
        hides = "hidden" in values or _HIDES.search(values.get("style") or "") is not None
        if tag not in _EMPTY:
            self._hidden.append(hides)
        if not hides and not any(self._hidden):
            super().handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        """End what a tag began, if it is seen."""
        is_seen = not any(self._hidden)
        if tag not in _EMPTY and self._hidden:
            self._hidden.pop()
        if is_seen:
            super().handle_endtag(tag)

    def handle_data(self, data: str) -> None:
        """Add text that is seen."""
        if not any(self._hidden):
            super().handle_data(data)


def _bare(address: str) -> str:
    return re.sub(r"^https?://(?:www\.)?", "", address.casefold()).rstrip("/")
