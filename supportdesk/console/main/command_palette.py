"""The command palette: the actions of the keys, by name."""

from __future__ import annotations

from functools import partial

import msgspec
from textual.command import DiscoveryHit, Hit, Hits
from textual.content import Content

from supportdesk.console.commands.feature_screen import FeatureScreen
from supportdesk.console.keys.key import Key, Scope
from supportdesk.console.keys.keymap import KEYS
from supportdesk.console.keys.names import display
from supportdesk.console.main.help_entries import key_description, refusal_of, title_of
from supportdesk.console.main.screen import MainScreen
from supportdesk.console.search.palette_matcher import FoldingProvider
from supportdesk.console.terminal.safe_text import safe

HIDDEN = {"desk.palette", "desk.back", "desk.lock_anywhere"}
"""The ids of keys that do nothing useful from the palette."""

AFTER_ALL_OTHERS = 1e-6
"""The factor that ranks an unavailable command after all others."""


NO_COMMANDS = f"No commands work on this screen; {display('escape')} closes this list"


class PaletteEntry(msgspec.Struct, frozen=True):
    """A command by name; `refused` is why it is unavailable now, empty if it is available."""

    key: Key
    name: str
    refused: str


class CommandProvider(FoldingProvider):
    """Provides every command with its key: available ones first, then the others with the reason."""

    async def discover(self) -> Hits:
        """Yield all commands, before anything is typed; over another screen, why there are none."""
        if not self._entries():
            yield DiscoveryHit(NO_COMMANDS, _do_nothing, text=NO_COMMANDS)
        for entry in self._entries():
            yield DiscoveryHit(
                _prompt(entry, Content(entry.name)),
                partial(self._run, entry),
                text=entry.name,
                help=_help_text(entry),
            )

    async def search(self, query: str) -> Hits:
        """Yield the commands whose names, or verbs on the command line, match what is typed."""
        if not self._entries():
            yield Hit(1, NO_COMMANDS, _do_nothing, text=NO_COMMANDS)
        matcher = self.matcher(query)
        for entry in self._entries():
            score = max(map(matcher.match, (entry.name, *entry.key.verbs)))
            if score > 0:
                found = _prompt(entry, matcher.highlight(entry.name))
                likeness = score * AFTER_ALL_OTHERS if entry.refused else score
                yield Hit(likeness, found, partial(self._run, entry), text=entry.name, help=_help_text(entry))

    def _entries(self) -> list[PaletteEntry]:
        screen = self.screen
        if isinstance(screen, FeatureScreen):
            refused = screen.refused_keys()
            found = [key for key in screen.session.keys if key.id in screen.IN_PALETTE]
            return [
                PaletteEntry(key, f"{key.help}  ({display(key.keys)})", refused.get(key.id, ""))
                for key in sorted(found, key=lambda key: key.id in refused)
            ]
        if not isinstance(screen, MainScreen):
            return []
        keys = screen.session.keys if screen.session is not None else KEYS
        entries = [
            PaletteEntry(
                key,
                f"{title_of(key) or key_description(key)}  ({display(key.keys)})",
                refusal_of(key, screen.session, screen.row),
            )
            for key in keys
            if (key.verbs or key.scope is Scope.DESK) and key.id not in HIDDEN
        ]
        return sorted(entries, key=lambda entry: bool(entry.refused))

    async def _run(self, entry: PaletteEntry) -> None:
        screen = self.screen
        if entry.refused and isinstance(screen, MainScreen):
            about = (
                f"{screen.row.ref}, " if screen.row is not None and entry.key.scope is Scope.TICKET else ""
            )
            screen.show_message(f"{about}{title_of(entry.key)}: {entry.refused}.", True)
        elif entry.refused and isinstance(screen, FeatureScreen):
            screen.show_message(entry.refused, True)
        else:
            await self.screen.run_action(entry.key.action)


def _do_nothing() -> None:
    """Do nothing: choosing the note that there are no commands only closes the list."""


def _prompt(entry: PaletteEntry, name: Content) -> Content:
    """Return the name; for an unavailable command with the reason below it, both dimmed."""
    if not entry.refused:
        return name
    return Content.assemble(
        name.stylize("$faint"), "\n", safe(f"not now: {entry.refused}", "not bold $quiet")
    )


def _help_text(entry: PaletteEntry) -> str | None:
    """Return what an available ticket command does, or None."""
    return key_description(entry.key) if entry.key.verbs and not entry.refused else None
