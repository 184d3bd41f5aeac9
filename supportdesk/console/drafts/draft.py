"""One draft: what stood in a form, and the command and the ticket that it is for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Draft:
    """What stood in a form, by field, and when it was left."""

    typed: dict[str, Any]
    left_at: datetime


@dataclass(frozen=True, slots=True)
class StoredDraft:
    """A draft with the command and the ticket that it is for.

    `name` is that of its file, and the id under which it is sent: one that was sent just before everything ended, and
    is offered again, cannot be carried out twice.
    """

    name: str
    verb: str
    ref: str
    draft: Draft


class UnreadableDraftError(ValueError):
    """It is no draft of ours, or not the whole of one."""
