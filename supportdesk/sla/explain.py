"""How a figure came about, span by span, so that it can be read out to a customer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Line:
    """One stretch: what it was (`counted`, `closed`, `holiday NAME`, `paused`, `resolved`), and the total after it.

    `counted` and `total` are seconds of the clock's calendar.
    """

    began: datetime
    ended: datetime
    what: str
    counted: int
    total: int


@dataclass(frozen=True, slots=True)
class Explanation:
    """A clock's figure with its reasons. `heading` and `verdict` are sentences; `lines` is the sum between them."""

    heading: str
    lines: tuple[Line, ...]
    verdict: str

    def text(self) -> str:
        """The whole explanation as plain lines."""
        raise NotImplementedError
