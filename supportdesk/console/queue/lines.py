"""The lines of the drawn queue: headings of groups, tickets, and empty lines."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeAlias

import msgspec

if TYPE_CHECKING:
    from supportdesk.console.queue.entry import QueueEntry


class Heading(msgspec.Struct, frozen=True):
    """The line above a severity's tickets."""

    severity: str


QueueLine: TypeAlias = "Heading | QueueEntry | None"
"""The contents of a line; None is an empty line between two groups."""


class GroupLines(msgspec.Struct, frozen=True):
    """A group as it is drawn; while it is folded, none of its tickets is."""

    severity: str
    entries: Sequence[QueueEntry]
    folded: bool


class Lines:
    """The lines of a list of groups; the cost of finding one does not depend on the number of tickets."""

    def __init__(self, blocks: Sequence[GroupLines], *, spaced: bool) -> None:
        self.blocks = blocks
        self._starts: list[int] = []
        at = 0
        for block in blocks:
            self._starts.append(at)
            shown = 0 if block.folded else len(block.entries)
            at += 1 + shown + (1 if spaced and shown else 0)
        self.height = at - 1 if spaced and blocks and self._shown(blocks[-1]) else at

    def __getitem__(self, line: int) -> QueueLine:
        if not 0 <= line < self.height:
            return None
        place = bisect_right(self._starts, line) - 1
        block, below = self.blocks[place], line - self._starts[place]
        if below == 0:
            return Heading(block.severity)
        return block.entries[below - 1] if below <= self._shown(block) else None

    def of_heading(self, severity: str) -> int | None:
        """Return the line of a group's heading; None if the group is not drawn."""
        for start, block in zip(self._starts, self.blocks, strict=True):
            if block.severity == severity:
                return start
        return None

    def of_ticket(self, severity: str, place: int) -> int | None:
        """Return the line of a ticket by its index in the group; None while the group is folded."""
        for start, block in zip(self._starts, self.blocks, strict=True):
            if block.severity == severity and place < self._shown(block):
                return start + 1 + place
        return None

    @staticmethod
    def _shown(block: GroupLines) -> int:
        return 0 if block.folded else len(block.entries)
