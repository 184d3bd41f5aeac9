"""Finds where a text begins to quote the message that it replies to, to show the rest first.

For display only: the whole text is what was said. Where somebody writes below or between the lines that they quote,
nothing is hidden.
"""

from __future__ import annotations

import re

from msgspec import Struct

from supportdesk.intake.mail.parsing.quoted_header import (
    FORWARD_MARK,
    ORIGINAL_MARK,
    RULE,
    SENDER_FIELD,
    read_quoted_header,
)

_WROTE = re.compile(
    r"(?:on|am|le|el|il|op|den|em|dnia)\b.{4,240}?\b(?:wrote|schrieb|a écrit|escribió|ha scritto|schreef|skrev|escreveu"
    r"|napisał\(?a?\)?)\b.{0,80}[:：]",
    re.IGNORECASE,
)
_MOST_WRAPPED = 4


class QuoteSplit(Struct, frozen=True):
    """The lines of a text that are shown first, and those that are hidden: together all of them, in order."""

    visible: tuple[str, ...]
    hidden: tuple[str, ...]


def split_quoted(text: str) -> QuoteSplit:
    """Return the lines of a text divided where it begins to quote; nothing is hidden where nothing would be left."""
    lines = text.split("\n")
    start = _find_start(lines)
    if start is None or not any(line.strip() for line in lines[:start]):
        return QuoteSplit(tuple(lines), ())
    return QuoteSplit(tuple(lines[:start]), tuple(lines[start:]))


def _find_start(lines: list[str]) -> int | None:
    """Return the number of the first line that quotes, where nothing but the quoted message follows."""
    last_quoted = _find_trailing_quote(lines)
    last_marked = _find_last(lines, is_marked=True)
    last_unmarked = _find_last(lines, is_marked=False)
    for place, line in enumerate(lines):
        if FORWARD_MARK.fullmatch(line.strip()):
            # What is forwarded is what the message is about.
            return None
        if place == last_quoted:
            return place
        if ORIGINAL_MARK.fullmatch(line.strip()) or _begins_message(lines, place):
            has_rule = place > 0 and RULE.fullmatch(lines[place - 1].strip())
            return place - 1 if has_rule else place
        length = _length_of_introduction(lines, place)
        # One quoted message follows: every line has a mark, or none has.
        if length and min(last_marked, last_unmarked) < place + length <= max(last_marked, last_unmarked):
            return place
    return None


def _begins_message(lines: list[str], place: int) -> bool:
    """Return whether the header of a message begins at a line, as Outlook writes it: from whom, when and what."""
    if not SENDER_FIELD.match(lines[place]):
        return False
    header = read_quoted_header(lines, place)
    return header is not None and bool(header.sent and header.subject)


def _length_of_introduction(lines: list[str], place: int) -> int:
    """Return how many lines `On Monday, Jo Park wrote:` takes that begins at a line; 0 where none does."""
    joined = ""
    for length in range(1, _MOST_WRAPPED + 1):
        if place + length > len(lines) or not lines[place + length - 1].strip():
            return 0
        joined = f"{joined} {lines[place + length - 1].strip()}".strip()
        if _WROTE.fullmatch(joined):
            return length
    return 0


def _find_last(lines: list[str], *, is_marked: bool) -> int:
    """Return the number of the last line that is not empty with, or without, a mark of quoting; -1 for none."""
    places = (place for place in range(len(lines) - 1, -1, -1) if lines[place].strip())
    return next((place for place in places if lines[place].lstrip().startswith(">") == is_marked), -1)


def _find_trailing_quote(lines: list[str]) -> int | None:
    """Return the first of the marked lines with which a text ends; None where it does not end with any."""
    start = None
    for place in range(len(lines) - 1, -1, -1):
        line = lines[place]
        if line.lstrip().startswith(">"):
            start = place
        elif line.strip():
            break
    return start
