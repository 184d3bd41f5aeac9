"""What a search finds while the operator types: people, customers, tickets, articles, each told from the others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import msgspec


class Candidate(msgspec.Struct, frozen=True):
    """Something found. `new` says that the desk does not know it yet and would take it in under this name.

    `of` is the document that it stands for, for a caller that needs more of it.
    """

    key: str
    name: str
    note: str = ""
    new: bool = False
    of: Any = None
    load: str = ""
    """The load of a person; it is shown, and not searched."""

    @property
    def told(self) -> str:
        """What stands beside the name."""
        return " · ".join(filter(None, (self.load, self.note)))


Find = Callable[[str], Sequence[Candidate]]
"""What comes nearest to a text, best first; all, or the most likely ones, for an empty text."""


class NoMatchError(LookupError):
    """Raised by a search that can say why nothing is found; the message says so."""
