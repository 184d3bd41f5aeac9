"""The tabs of the intake: one for each view, with the number of its messages."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.events import Click
from textual.widgets import Static

from supportdesk.console.intake.views import VIEWS, Counts, IntakeView
from supportdesk.console.terminal.symbols import terminal_symbols
from supportdesk.console.widgets.view_tabs import MARK, tabs_that_fit

_BESIDE = 2
"""Cells of blanks beside the name of a tab."""


class IntakeTab(Static):
    """The tab of a view, given by its place in `VIEWS`; a click opens it."""

    def __init__(self, place: int) -> None:
        super().__init__(classes="view")
        self._place = place

    async def on_click(self, event: Click) -> None:
        """Open the view that was clicked."""
        event.stop()
        await self.screen.run_action(f"view({self._place})")


class IntakeTabs(Horizontal):
    """The title of the intake and its tabs, of which those around the chosen one are shown where room is short."""

    def __init__(self) -> None:
        super().__init__(classes="views")

    def compose(self) -> ComposeResult:
        """Yield the title and a tab for each view, between the symbols for more of them."""
        yield Static("Intake", classes="title")
        yield Static(terminal_symbols().before.ljust(MARK), classes="more before")
        for place in range(len(VIEWS)):
            yield IntakeTab(place)
        yield Static(terminal_symbols().after.ljust(MARK), classes="more after")

    def show(self, chosen: IntakeView, counts: Counts) -> None:
        """Show which view is chosen, and the number of messages in each."""
        names = [f"{each.name} {each.count(counts):,}" for each in VIEWS]
        title = self.query_one(".title")
        room = self.content_size.width - (title.outer_size.width if title.display else 0)
        fitting = tabs_that_fit([len(each) + _BESIDE for each in names], VIEWS.index(chosen), room)
        for place, (tab, view, name) in enumerate(zip(self.query(IntakeTab), VIEWS, names, strict=True)):
            tab.set_class(view is chosen, "-chosen")
            tab.set_class(not view.count(counts), "-none")
            tab.display = place in fitting
            tab.update(Content(name))
        self.query_one(".before").display = fitting.start > 0
        self.query_one(".after").display = fitting.stop < len(VIEWS)
