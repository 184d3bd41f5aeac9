"""The command palette: the same things as the keys do, by name."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from textual.command import DiscoveryHit, Hit, Hits, Provider

from supportdesk.console.help import refusal_of, text_of, title_of
from supportdesk.console.keymap import KEYS, Key, Place, written
from supportdesk.console.screens.queue_screen import QueueScreen

UNNAMED = {"desk.palette", "desk.back"}
"""Keys that would do nothing from the palette, which is one step itself."""


class DeskCommands(Provider):
    """Every command that does something now, with its key."""

    async def discover(self) -> Hits:
        """All of them, before anything is typed."""
        for key, name in self._offered():
            yield DiscoveryHit(name, partial(self._do, key), help=_more(key))

    async def search(self, query: str) -> Hits:
        """Those that match what is typed."""
        matcher = self.matcher(query)
        for key, name in self._offered():
            score = matcher.match(name)
            if score > 0:
                yield Hit(score, matcher.highlight(name), partial(self._do, key), help=_more(key))

    def _offered(self) -> Iterator[tuple[Key, str]]:
        screen = self.screen
        if not isinstance(screen, QueueScreen):
            return
        for key in KEYS:
            named = key.verbs or key.place is Place.DESK
            if named and key.id not in UNNAMED and not refusal_of(key, screen.session, screen.row):
                yield key, f"{title_of(key) or text_of(key)}  ({written(key.keys)})"

    async def _do(self, key: Key) -> None:
        await self.screen.run_action(key.action)


def _more(key: Key) -> str | None:
    """What a command does, where its name does not say it all."""
    return text_of(key) if key.verbs else None
