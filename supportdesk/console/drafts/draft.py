"""One draft: the values in a form, and the command and the ticket that they are for."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

SEVERAL_TICKETS = "several tickets"
"""Takes the place of a reference: the draft applies to the tickets that are marked when the form is opened again."""


class Draft(msgspec.Struct, frozen=True):
    """The raw value of each field of a form, by stored name, and when the form was left.

    `begun` is the number of the last event that the console had read when the operator began to type; None in a draft
    of an earlier version.
    """

    typed: dict[str, Any]
    left_at: datetime
    begun: int | None = None


class StoredDraft(msgspec.Struct, frozen=True):
    """A draft with the verb of its command and the reference of its ticket, empty for none.

    `name` names its file and is the id of the command it becomes: a draft that was sent just before a crash, and is
    offered again, cannot be applied twice.
    """

    name: str
    verb: str
    ref: str
    draft: Draft


class UnreadableDraftError(ValueError):
    """The file is not a draft, or is incomplete."""
