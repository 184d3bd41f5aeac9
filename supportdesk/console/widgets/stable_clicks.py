"""An option list that accepts keys and clicks before it is drawn, and clicks after its lines have changed."""

from __future__ import annotations

from textual.events import Click
from textual.widgets import OptionList


class StableClicks(OptionList):
    """Ignores a key or a click for a line that does not exist, for which Textual's own list raises an error."""

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
