"""The attachments of a message as text and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from supportdesk.attachments.file_kind import describe_type, find_mismatch
from supportdesk.attachments.file_size import describe_size
from supportdesk.cli.output import terminal_width
from supportdesk.cli.table import NAME_WIDTH, TableColumn, noted_table_lines

if TYPE_CHECKING:
    from supportdesk.attachments.attachment import Attachment


def attachment_lines(
    attachments: Sequence[Attachment], nothing: str, said: Sequence[str] = ()
) -> Iterator[str]:
    """Yield a line for each attachment, with its number, what is `said` of each, and what is odd about it.

    Without any, yield `nothing`.
    """
    if not attachments:
        yield nothing
        return
    headings = (
        TableColumn("NO", right=True),
        TableColumn("NAME", least=NAME_WIDTH),
        TableColumn("CONTENT", least=NAME_WIDTH),
        TableColumn("SIZE", right=True),
        TableColumn("NOTE", least=NAME_WIDTH),
    )
    rows = [
        (
            str(number),
            each.name,
            describe_type(each.sniffed_type),
            describe_size(each.size),
            " ".join([*said[number - 1 : number], *_notes(each)]) or "–",
        )
        for number, each in enumerate(attachments, 1)
    ]
    yield from noted_table_lines(headings, rows, terminal_width())


def _notes(attachment: Attachment) -> Iterator[str]:
    if attachment.is_inline:
        yield "Shown in the text."
    if mismatch := find_mismatch(attachment.name, attachment.sniffed_type):
        yield mismatch
    if attachment.fault:
        yield f"{attachment.fault.rstrip('.')}."


def attachment_to_json(number: int, attachment: Attachment) -> dict[str, Any]:
    """Return an attachment as a JSON object, without its content."""
    return {
        "number": number,
        "name": attachment.name,
        "type": attachment.sniffed_type,
        "declared_type": attachment.declared_type,
        "size": attachment.size,
        "sha256": attachment.digest,
        "inline": attachment.is_inline,
        "mismatch": find_mismatch(attachment.name, attachment.sniffed_type) or None,
        "fault": attachment.fault or None,
    }
