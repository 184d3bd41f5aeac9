"""The text of the pane beside the list: the details of the selected record."""

from __future__ import annotations

from collections.abc import Iterable

from textual.content import Content

from supportdesk.console.directory.record_types import RecordEntry
from supportdesk.console.terminal.safe_text import safe, safe_lines
from supportdesk.tickets.documents import Article

_LABEL = 12
"""Cells for a label."""


def record_text(entry: RecordEntry, details: Iterable[tuple[str, str]], width: int, why_not: str) -> Content:
    """Return a record's title and details, wrapped to `width` cells; `why_not` is why it cannot be edited, or empty."""
    title = entry.subtitle if isinstance(entry.document, Article) else entry.name
    lines = [safe(title, "bold $foreground"), Content()]
    for label, value in details:
        if value:
            lines += _labelled(label, value, width)
    if why_not:
        lines += [Content(), safe(why_not, "$quiet")]
    return Content("\n").join(lines)


def _labelled(label: str, value: str, width: int) -> list[Content]:
    """Return a label with its text beside it, wrapped to `width` cells."""
    text = safe_lines(value, "$foreground")
    lines = [line for part in text.split("\n") for line in part.wrap(max(1, width - _LABEL))] or [Content()]
    heads = [
        safe(label, "$quiet").pad_right(_LABEL - len(label)),
        *[Content(" " * _LABEL)] * (len(lines) - 1),
    ]
    return [Content.assemble(head, line) for head, line in zip(heads, lines, strict=True)]
