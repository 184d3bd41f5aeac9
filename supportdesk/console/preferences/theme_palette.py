"""The palette of themes: the console's own first, then the operator's, then Textual's."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Protocol, cast

from textual.command import DiscoveryHit, Hit, Hits
from textual.theme import BUILTIN_THEMES

from supportdesk.console.search.palette_matcher import FoldingProvider
from supportdesk.console.theme.builtin import THEMES

DESCRIPTIONS = {
    "supportdesk-dark": "calm and dark",
    "supportdesk-light": "for a light terminal or a bright room",
    "supportdesk-contrast": "black, white and strong colours",
    "supportdesk-colour-blind": "states distinct in every common kind of colour blindness",
}


class ThemedConsole(Protocol):
    """An application that can switch themes."""

    def choose_theme(self, name: str) -> None:
        """Switch to a theme and remember it."""
        ...


class ThemeCommands(FoldingProvider):
    """Provides every theme by its name; the choice is remembered."""

    async def discover(self) -> Hits:
        """Yield all themes, before anything is typed."""
        for name in self._names():
            yield DiscoveryHit(name, partial(self._console.choose_theme, name), help=_describe(name))

    async def search(self, query: str) -> Hits:
        """Yield the themes that match what is typed."""
        matcher = self.matcher(query)
        for name in self._names():
            if (score := matcher.match(name)) > 0:
                choose = partial(self._console.choose_theme, name)
                yield Hit(score, matcher.highlight(name), choose, help=_describe(name))

    @property
    def _console(self) -> ThemedConsole:
        return cast("ThemedConsole", self.app)

    def _names(self) -> Iterator[str]:
        ours = [theme.name for theme in THEMES]
        yield from ours
        yield from sorted(self.app.available_themes.keys() - BUILTIN_THEMES.keys() - set(ours))
        yield from sorted(BUILTIN_THEMES)


def _describe(name: str) -> str | None:
    return DESCRIPTIONS.get(name) or (None if name in BUILTIN_THEMES else "your own")
