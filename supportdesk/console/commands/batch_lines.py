"""The lines of the tickets of a batch: accepted, or refused with the reason."""

from __future__ import annotations

from textual.content import Content

from supportdesk.console.dialogs.key_hints import STRONG
from supportdesk.console.terminal.safe_text import safe
from supportdesk.store.read_models import QueueRow


def accepted_line(sign: str, row: QueueRow, note: str = "") -> Content:
    """Return the line of an accepted ticket; `note` is shown below it."""
    line = Content.assemble((f"{sign} ", STRONG), row.ref, "  ", safe(row.summary))
    return line + Content(f"\n  {note}") if note else line


def refused_line(sign: str, row: QueueRow, reason: str) -> Content:
    """Return the line of a refused ticket, with the reason below it."""
    reference = (f"{sign} {row.ref}", STRONG)
    return Content.assemble(reference, "  ", safe(row.summary), "\n  ", safe(reason, "$at-risk"))
