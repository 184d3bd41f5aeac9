"""The tabs of the directory: one for each type of record, with the number of matches."""

from __future__ import annotations

from collections.abc import Mapping

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.events import Click
from textual.widgets import Static

from supportdesk.console.directory.record_types import RECORD_TYPES, RecordType


class RecordTab(Static):
    """The tab of a record type, given by its place in `RECORD_TYPES`; a click opens it."""

    def __init__(self, place: int) -> None:
        super().__init__(classes="kind")
        self._place = place

    async def on_click(self, event: Click) -> None:
        """Open the tab that was clicked."""
        event.stop()
        await self.screen.run_action(f"kind({self._place})")


class RecordTabs(Horizontal):
    """The title of the directory and its tabs."""

    def __init__(self) -> None:
        super().__init__(classes="kinds")

    def compose(self) -> ComposeResult:
        """Yield the title and a tab for each type."""
        yield Static("Directory", classes="title")
        for place in range(len(RECORD_TYPES)):
            yield RecordTab(place)

    def show(self, chosen: RecordType, counts: Mapping[str, int]) -> None:
        """Show which type is chosen, and the number of matches by the title of the type."""
        for tab, record_type in zip(self.query(RecordTab), RECORD_TYPES, strict=True):
            count = counts[record_type.title]
            tab.set_class(record_type is chosen, "-chosen")
            tab.set_class(not count, "-none")
            tab.update(Content(f"{record_type.title} {count:,}"))
