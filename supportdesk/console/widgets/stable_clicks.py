"""A list of options that takes every key and click, also before it is drawn and after its lines have changed."""

from __future__ import annotations

from textual.events import Click
from textual.widgets import OptionList


class StableClicks(OptionList):
    """Ignores a key or a click that means a line which is not there; Textual's own list fails on it."""

    async def _on_click(self, event: Click) -> None:
        line = event.style.meta.get("option")
        if line is not None and line >= self.option_count:
            event.prevent_default()

    def action_page_up(self) -> None:
        """Move the highlight up by a page, once there are lines."""
        if self._lines:
            super().action_page_up()  # type: ignore[no-untyped-call]

    def action_page_down(self) -> None:
        """Move the highlight down by a page, once there are lines."""
        if self._lines:
            super().action_page_down()  # type: ignore[no-untyped-call]
