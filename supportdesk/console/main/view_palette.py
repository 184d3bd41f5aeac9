"""The views in the command palette."""

from __future__ import annotations

from functools import partial

from textual.command import Hit, Hits

from supportdesk.console.main.screen import MainScreen
from supportdesk.console.search.palette_matcher import FoldingProvider
from supportdesk.console.terminal.safe_text import safe

BELOW_ITS_EQUALS = 1 - 1e-9
"""The factor that ranks a view after a command of the same score, so that their order is fixed."""
AFTER_THE_COMMANDS = -1.0
"""The score of every view before anything is typed; commands score 0."""


class ViewCommands(FoldingProvider):
    """Provides every view by its name, with the number of its tickets."""

    async def discover(self) -> Hits:
        """Yield all views, before anything is typed."""
        for name, count in self._views():
            text = f"View: {name}"
            yield Hit(
                AFTER_THE_COMMANDS, safe(text), partial(self._select, name), text=text, help=_tickets(count)
            )

    async def search(self, query: str) -> Hits:
        """Yield the views that match what is typed."""
        matcher = self.matcher(query)
        for name, count in self._views():
            text = f"View: {name}"
            likeness = matcher.match(text) * BELOW_ITS_EQUALS
            if likeness > 0:
                found = matcher.highlight(text)
                yield Hit(likeness, found, partial(self._select, name), text=text, help=_tickets(count))

    def _views(self) -> list[tuple[str, int]]:
        screen = self.screen
        if not isinstance(screen, MainScreen) or screen.session is None:
            return []
        index = screen.session.model.index
        return [(view.name, index.view_counts[view.name]) for view in index.views]

    def _select(self, name: str) -> None:
        if isinstance(self.screen, MainScreen):
            self.screen.select_view(name)


def _tickets(count: int) -> str:
    return f"{count:,} ticket{'' if count == 1 else 's'}"
