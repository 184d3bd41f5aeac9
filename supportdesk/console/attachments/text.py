"""The lines of a list of attachments: by message, what each is, and what is odd about it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from textwrap import wrap
from typing import TYPE_CHECKING

import msgspec
from rich.cells import cell_len, set_cell_size
from textual.content import Content

from supportdesk.attachments.file_kind import describe_type, find_mismatch
from supportdesk.attachments.file_size import describe_size
from supportdesk.console.charts.blocks import fit
from supportdesk.console.terminal.safe_text import safe
from supportdesk.console.widgets.line_list import MARK, ListLine
from supportdesk.sla.formatting import date_time

if TYPE_CHECKING:
    from supportdesk.attachments.attachment import Attachment
    from supportdesk.intake.mail.message_files import MessageFiles

_QUIET, _TEXT, _ODD = "$quiet", "$foreground", "$at-risk"
_SIZE, _GAP = 11, 2
_KIND, _NARROW_KIND = 34, 27
_ROOMY = 84
"""The width in cells from which the kind of a file has more room."""
_LEAST = 20
_END = 12
"""Cells of the end of a name that are shown of one that is too long: what it ends with says what it claims to be."""


class FileLine(msgspec.Struct, frozen=True):
    """An attachment of a message in a list; `key` is that of its line."""

    key: str
    message: MessageFiles
    attachment: Attachment


def list_files(found: Sequence[MessageFiles]) -> list[FileLine]:
    """Return the attachments of all messages, in order."""
    return [
        FileLine(f"{each.key} {number}", each, attachment)
        for each in found
        for number, attachment in enumerate(each.attachments, 1)
    ]


def file_lines(found: Sequence[MessageFiles], zone: str, width: int) -> list[ListLine]:
    """Return a heading for each message, a line for each of its attachments, and those that say what is odd."""
    return [line for each in found for line in _message_lines(each, zone, width)]


def _message_lines(found: MessageFiles, zone: str, width: int) -> Iterator[ListLine]:
    yield ListLine(safe(f"{found.who}, {date_time(found.at, zone)}", _QUIET))
    if found.fault:
        yield from _remarks(found.fault, width)
    for line in list_files((found,)):
        yield ListLine(_line(line.attachment, width), line.key)
        for each in describe_oddities(line.attachment):
            yield from _remarks(each, width)


def _remarks(text: str, width: int) -> Iterator[ListLine]:
    """Yield the lines of a remark, indented."""
    indent = " " * 2 * MARK
    for each in wrap(text, max(_LEAST, width - len(indent))):
        yield ListLine(Content.assemble(indent, safe(each, _ODD)))


def _line(attachment: Attachment, width: int) -> Content:
    kind = _KIND if width >= _ROOMY else _NARROW_KIND
    room = max(0, width - MARK - kind - _SIZE - 2 * _GAP)
    inline = ", in the text" if attachment.is_inline else ""
    cells = (
        safe(fit_name(attachment.name, room), _TEXT),
        safe(fit(f"{describe_type(attachment.sniffed_type)}{inline}", kind), _QUIET),
        safe(describe_size(attachment.size).rjust(_SIZE), _QUIET),
    )
    return Content(" " * _GAP).join(cells)


def fit_name(name: str, width: int) -> str:
    """Return a name in exactly so many cells, a long one without its middle."""
    if cell_len(name) <= width or width <= 2 * _END:
        return fit(name, width)
    end = name[-_END:]
    return f"{set_cell_size(name, width - cell_len(end) - 1)}…{end}"


def describe_oddities(attachment: Attachment) -> list[str]:
    """Return in sentences what somebody should know of an attachment before they open it; mostly nothing."""
    fault = f"{attachment.fault[:1].upper()}{attachment.fault[1:].rstrip('.')}." if attachment.fault else ""
    return [each for each in (find_mismatch(attachment.name, attachment.sniffed_type), fault) if each]
