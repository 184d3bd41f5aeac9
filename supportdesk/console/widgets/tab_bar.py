"""The tabs of a screen over the queue: one for each view, with the number of what it lists."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.events import Click
from textual.widgets import Static

from supportdesk.console.terminal.symbols import terminal_symbols
from supportdesk.console.widgets.view_tabs import MARK, tabs_that_fit

_BESIDE = 2
"""Cells of blanks beside the name of a tab."""


class ViewTab(Static):
    """The tab of a view, given by its place; a click opens it, with the action `view` of the screen."""

    def __init__(self, place: int) -> None:
        super().__init__(classes="view")
        self._place = place

    async def on_click(self, event: Click) -> None:
        """Open the view that was clicked."""
        event.stop()
        await self.screen.run_action(f"view({self._place})")


class TabBar(Horizontal):
    """A title and tabs with these names, of which those around the chosen one are shown where room is short."""

    def __init__(self, title: str, names: Sequence[str]) -> None:
        super().__init__(classes="views")
        self._title = title
        self._names = tuple(names)

    def compose(self) -> ComposeResult:
        """Yield the title and a tab for each view, between the symbols for more of them."""
        yield Static(self._title, classes="title")
        yield Static(terminal_symbols().before.ljust(MARK), classes="more before")
        for place in range(len(self._names)):
            yield ViewTab(place)
        yield Static(terminal_symbols().after.ljust(MARK), classes="more after")

    def show(self, chosen: int, counts: Sequence[int]) -> None:
        """Show which view is chosen, by its place, and how much there is in each."""
        names = [f"{name} {count:,}" for name, count in zip(self._names, counts, strict=True)]
        title = self.query_one(".title")
        room = self.content_size.width - (title.outer_size.width if title.display else 0)
        fitting = tabs_that_fit([len(each) + _BESIDE for each in names], chosen, room)
        for place, (tab, name) in enumerate(zip(self.query(ViewTab), names, strict=True)):
            tab.set_class(place == chosen, "-chosen")
            tab.set_class(not counts[place], "-none")
            tab.display = place in fitting
            tab.update(Content(name))
        self.query_one(".before").display = fitting.start > 0
        self.query_one(".after").display = fitting.stop < len(names)
