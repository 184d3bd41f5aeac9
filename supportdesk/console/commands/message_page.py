"""A page of the messages that a screen lists, and what was asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Generic, Protocol, TypeVar

import msgspec

PAGE = 100
"""How many messages are read at a time."""


class MessageView(Protocol):
    """A view of messages, which has a tab."""

    @property
    def name(self) -> str:
        """What its tab says."""
        ...

    def count(self, counts: Mapping[Any, int], /) -> int:
        """Return how many messages it has, by how many there are of each kind."""
        ...


View = TypeVar("View", bound=MessageView)
Item = TypeVar("Item")


class Wanted(msgspec.Struct, Generic[View], frozen=True):
    """The messages that are asked for: a view of them, of which those that contain the words of a text."""

    view: View
    text: str = ""


class MessagePage(msgspec.Struct, Generic[View, Item], frozen=True):
    """Messages that were `wanted`, the newest first; `has_more` where there may be older ones. `counts` are of all."""

    wanted: Wanted[View]
    messages: tuple[Item, ...]
    has_more: bool
    counts: Mapping[Any, int]
