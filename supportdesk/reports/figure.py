"""A figure with the items that it counts, so that a figure and the list it opens cannot differ."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import msgspec

from supportdesk.sla.clocks import ClockKind


class Item(NamedTuple):
    """One counted thing: a ticket, or one of its targets where `kind` names the clock.

    `at` is the instant of the arrival, the breach and so on, in UTC epoch seconds.
    """

    at: int
    ref: str
    kind: ClockKind | None = None


class Figure(msgspec.Struct, frozen=True):
    """A count with its items, the earliest first."""

    items: tuple[Item, ...] = ()

    @classmethod
    def of(cls, items: Iterable[Item]) -> Figure:
        """Return the figure that counts these items."""
        return cls(tuple(sorted(items)))

    @property
    def value(self) -> int:
        """The number that is shown."""
        return len(self.items)

    @property
    def refs(self) -> tuple[str, ...]:
        """The references of the counted tickets, each once."""
        return tuple(dict.fromkeys(item.ref for item in self.items))


def combine_figures(figures: Iterable[Figure]) -> Figure:
    """Return one figure that counts the items of several."""
    return Figure.of(item for figure in figures for item in figure.items)
