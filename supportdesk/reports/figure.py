"""A figure with the items it counts, so that a figure and the list it opens cannot disagree."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import msgspec

from supportdesk.sla.clocks import Kind


class Item(NamedTuple):
    """One thing that is counted: a ticket, or one promise of it where `kind` names its clock.

    `at` is the instant that put it there, in UTC epoch seconds: of its arrival, its breach and so on.
    """

    at: int
    ref: str
    kind: Kind | None = None


class Figure(msgspec.Struct, frozen=True):
    """How many, and which, the earliest first."""

    items: tuple[Item, ...] = ()

    @classmethod
    def of(cls, items: Iterable[Item]) -> Figure:
        """The figure that counts these."""
        return cls(tuple(sorted(items)))

    @property
    def value(self) -> int:
        """What is shown."""
        return len(self.items)

    @property
    def refs(self) -> tuple[str, ...]:
        """The tickets behind it, each once."""
        return tuple(dict.fromkeys(item.ref for item in self.items))


def combine_figures(figures: Iterable[Figure]) -> Figure:
    """One figure for all that several count."""
    return Figure.of(item for figure in figures for item in figure.items)
