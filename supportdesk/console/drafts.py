"""What was typed into forms and not sent: offered again when the same form is opened for the same ticket."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Draft:
    """What stood in a form, by field, and when it was left."""

    typed: dict[str, Any]
    left_at: datetime


@dataclass(slots=True)
class Drafts:
    """The drafts of one run of the console, by command and ticket (an empty reference for a new one)."""

    _kept: dict[tuple[str, str], Draft] = field(default_factory=dict)

    def keep(self, verb: str, ref: str, draft: Draft) -> None:
        """Keeps what was typed, in place of what was kept before."""
        self._kept[verb, ref] = draft

    def find(self, verb: str, ref: str) -> Draft | None:
        """What was typed and not sent."""
        return self._kept.get((verb, ref))

    @property
    def unsent(self) -> list[tuple[str, str]]:
        """What is kept, by command and ticket; the oldest first."""
        return list(self._kept)

    def drop(self, verb: str, ref: str) -> None:
        """Forgets a draft: it was sent, or is not wanted."""
        self._kept.pop((verb, ref), None)
