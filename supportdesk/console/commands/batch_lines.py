"""How a ticket among several is told: what is or will be done to it, or why not."""

from __future__ import annotations

from textual.content import Content

from supportdesk.console.dialogs.dialog import STRONG
from supportdesk.console.terminal.safe_text import safe
from supportdesk.store.read_models import QueueRow


def accepted_line(sign: str, row: QueueRow, note: str = "") -> Content:
    """A ticket to which it is done; `note` is what else there is to say of it."""
    line = Content.assemble((f"{sign} ", STRONG), row.ref, "  ", safe(row.summary))
    return line + Content(f"\n  {note}") if note else line


def refused_line(sign: str, row: QueueRow, reason: str) -> Content:
    """A ticket that will not have it, and why, below it."""
    reference = (f"{sign} {row.ref}", STRONG)
    return Content.assemble(reference, "  ", safe(row.summary), "\n  ", safe(reason, "$at-risk"))
