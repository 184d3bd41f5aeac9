"""Joins the lines of texts that mail programs broke for old terminals (RFC 3676, format=flowed)."""

from __future__ import annotations

import re

_QUOTED = re.compile(r">*")
_SIGNATURE = "-- "


def join_flowed(text: str, *, delete_space: bool = False) -> str:
    """Return a text with its paragraphs on one line each; quoted ones keep their marks.

    With `delete_space`, the space at the end of a broken line is none of the text's own (DelSp=yes).
    """
    joined: list[str] = []
    open_depth: int | None = None
    for line in re.split("\r\n|\r|\n", text):
        marks = _QUOTED.match(line)
        depth = marks.end() if marks else 0
        content = line[depth:].removeprefix(" ")
        is_flowed = content.endswith(" ") and content != _SIGNATURE
        if is_flowed and delete_space:
            content = content[:-1]
        if open_depth == depth and content != _SIGNATURE:
            joined.append(content)
        else:
            start = "\n" if joined else ""
            joined.append(f"{start}{'>' * depth}{' ' if depth else ''}{content}")
        open_depth = depth if is_flowed else None
    return "".join(joined)
