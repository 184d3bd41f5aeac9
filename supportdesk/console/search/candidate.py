"""The result of a search while the operator types: a person, customer, ticket or article."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import msgspec


class Candidate(msgspec.Struct, frozen=True):
    """A search result. `new` marks a record that does not exist yet and would be created with this name.

    `note` distinguishes it from others; `record` is the document or value that it stands for.
    """

    key: str
    name: str
    note: str = ""
    new: bool = False
    record: Any = None
    load: str = ""
    """The load of a person; it is shown, and not searched."""
    absence: str = ""
    """Until when a person is away; it is shown, and not searched."""

    @property
    def details(self) -> str:
        """The text shown beside the name: an absence and a load, if any, and the note."""
        return " · ".join(filter(None, (self.absence, self.load, self.note)))


Find = Callable[[str], Sequence[Candidate]]
"""A search: returns the candidates closest to a text, best first; all or the most likely ones for an empty text."""


class NoMatchError(LookupError):
    """Raised by a search that knows why nothing is found; the message is the reason."""
