"""The timers on the visible lines of the queue, and the rows that stand out for a moment."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

FLASH = 2
"""The number of ticks for which a row that arrived or crossed a threshold stands out."""


class DrawnTimers:
    """The text of the timer on each visible line as it was drawn last; a tick draws only those that changed."""

    def __init__(self) -> None:
        self._texts: dict[int, object] = {}

    def set(self, y: int, text: object) -> None:
        """Remember the timer of a line, counted from the top of the widget."""
        self._texts[y] = text

    def forget(self, y: int) -> None:
        """Forget the timer of a line, which may hold a ticket no more."""
        self._texts.pop(y, None)

    def changed(self, text_of: Callable[[int], object]) -> Iterator[range]:
        """Yield runs of adjacent lines whose timer is another now; `text_of` returns None for a line without one.

        Each run is one region to draw, since every region has a cost of its own.
        """
        start = stop = 0
        for y, drawn in sorted(self._texts.items()):
            text = text_of(y)
            if text is None or text == drawn:
                continue
            if y != stop:
                if stop > start:
                    yield range(start, stop)
                start = y
            stop = y + 1
        if stop > start:
            yield range(start, stop)


class Flashes:
    """The tickets, by reference, whose rows stand out for `FLASH` ticks."""

    def __init__(self) -> None:
        self._ticks_left: dict[str, int] = {}

    def __contains__(self, ref: object) -> bool:
        return ref in self._ticks_left

    def start(self, refs: Iterable[str]) -> None:
        """Let rows stand out from now on."""
        self._ticks_left.update(dict.fromkeys(refs, FLASH))

    def tick(self) -> list[str]:
        """Count a tick; return the tickets whose rows no longer stand out."""
        ended = [ref for ref, left in self._ticks_left.items() if left <= 1]
        self._ticks_left = {ref: left - 1 for ref, left in self._ticks_left.items() if left > 1}
        return ended
