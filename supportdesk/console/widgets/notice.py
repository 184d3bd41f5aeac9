"""Notices as values: each names what it is about and what can be done, and waits until the operator responds."""

from __future__ import annotations

from enum import IntEnum

import msgspec


class Rank(IntEnum):
    """How urgent a notice is; the lower number is shown first."""

    PAGE = 0
    CALL_SOMEBODY = 1
    OFFER = 2
    DRAFT = 3


class Notice(msgspec.Struct, frozen=True):
    """One thing to respond to. A notice with the same `id` replaces an earlier one.

    `ref` is the ticket that it names, empty for none. `verb` is the command that the notice's key gives to that ticket,
    or, where there is no ticket, the place that it visits; empty where there is nothing to do but to read it. `action`
    says what that key does: `acknowledge`.
    """

    id: str
    text: str
    rank: Rank
    ref: str = ""
    verb: str = ""
    action: str = ""


class Notices:
    """The notices that nobody has responded to: the most urgent first, those of one rank in the order they came."""

    def __init__(self) -> None:
        self._waiting: dict[str, Notice] = {}

    def __len__(self) -> int:
        return len(self._waiting)

    @property
    def first(self) -> Notice | None:
        """The notice to show; None without any."""
        return min(self._waiting.values(), key=lambda notice: notice.rank, default=None)

    def add(self, notice: Notice) -> None:
        """Add a notice, in the place of one with the same id."""
        self._waiting[notice.id] = notice

    def remove(self, id: str) -> bool:  # noqa: A002 - what it is called everywhere else
        """Remove a notice. Returns False where there is none with this id."""
        return self._waiting.pop(id, None) is not None

    def remove_about(self, ref: str) -> bool:
        """Remove every notice that names a ticket. Returns False where there is none."""
        about = [notice.id for notice in self._waiting.values() if notice.ref == ref]
        for each in about:
            del self._waiting[each]
        return bool(about)
