"""An application that applies the operator's preferences and saves what they choose."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from textual.message import Message

from supportdesk.console.keys.app import KeymapApp
from supportdesk.console.theme.app import ThemedApp

if TYPE_CHECKING:
    from pathlib import Path

    from supportdesk.console.preferences.store import Preferences
    from supportdesk.console.queue.filter_bar import FilterBar
    from supportdesk.console.theme.user_themes import UserTheme
    from supportdesk.settings.files import SettingsFiles
    from supportdesk.settings.state import UiState


class ThemesSaved(Message):
    """The files of user themes have been saved."""

    def __init__(self, themes: list[UserTheme]) -> None:
        super().__init__()
        self.themes = themes


class PreferencesApp(ThemedApp, KeymapApp):
    """Applies and saves one operator's settings, themes and views; without `files` nothing is saved.

    Blocking calls run on threads, which import what they need.
    """

    def __init__(self, files: SettingsFiles | None) -> None:
        super().__init__(files)
        self._files = files
        self._remembered: UiState | None = None
        self._left = threading.Event()

    def apply_preferences(self, preferences: Preferences) -> None:
        """Apply the operator's preferences, watch their themes for changes, and notify their faults."""
        self._remembered = preferences.remembered
        self.set_keymap(preferences.settings.keys)
        self._register_user_themes(preferences.themes)
        self._show_faults(preferences.faults)
        if self._files is not None:
            threading.Thread(
                target=self._watch_themes, args=(self._files.themes,), name="themes", daemon=True
            ).start()

    def on_filter_bar_named(self, message: FilterBar.Named) -> None:
        """Save a view in the operator's settings."""
        self.run_worker(
            partial(self._save_view_in_settings, message.name, message.text), thread=True, group="remember"
        )

    def _save_view_in_settings(self, name: str, text: str) -> None:
        from supportdesk.console.preferences.store import save_view_to_config

        said = save_view_to_config(self._files, name, text)
        self.call_from_thread(partial(self.notify, said, markup=False))

    def on_themes_saved(self, message: ThemesSaved) -> None:
        """Apply the saved themes at once."""
        self._register_user_themes(message.themes)
        self._show_faults([fault for read in message.themes for fault in read.faults])
        if any(read.theme is not None and read.theme.name == self.theme for read in message.themes):
            self.mutate_reactive(PreferencesApp.theme)

    def _register_user_themes(self, read_themes: Sequence[UserTheme]) -> None:
        for read in read_themes:
            if read.theme is not None:
                self.register_theme(read.theme)

    def _show_faults(self, faults: Sequence[str]) -> None:
        """Notify the faults of the operator's files; the rest of them applies."""
        if faults:
            more = (
                f"\n{len(faults) - 1} more; `supportdesk config --check` lists them all."
                if faults[1:]
                else ""
            )
            text, title = f"{faults[0]}{more}", "Ignored in your settings"
            self.notify(text, title=title, severity="warning", timeout=15, markup=False)

    def search_themes(self) -> None:
        """Open the palette of themes."""
        from supportdesk.console.dialogs.palette_screen import Palette
        from supportdesk.console.preferences.theme_palette import ThemeCommands

        if self.palette_is_open:
            return
        self.push_screen(Palette(providers=[ThemeCommands], placeholder="Search for themes…"))

    @property
    def palette_is_open(self) -> bool:
        """Whether a command palette is open on any screen of the stack; there can be only one."""
        from textual.command import CommandPalette

        return any(isinstance(screen, CommandPalette) for screen in self.screen_stack)

    def leave_palette(self) -> None:
        """Close the command palette if it is in front."""
        from textual.command import CommandPalette

        if isinstance(self.screen, CommandPalette):
            self.screen.dismiss()

    def choose_theme(self, name: str) -> None:
        """Switch to a theme and remember it."""
        self.theme = name
        self.remember(theme=name)

    def remember(self, **chosen: Any) -> None:
        """Save choices for the next start; the keywords are the fields of `UiState`."""
        if self._files is not None and self._remembered is not None:
            from msgspec.structs import replace

            self._remembered = replace(self._remembered, **chosen)
            self.run_worker(partial(self._save_state, self._files), thread=True, group="remember")

    def _save_state(self, files: SettingsFiles) -> None:
        from supportdesk.console.preferences.store import remember_choices

        if self._remembered is not None and (fault := remember_choices(files, self._remembered)) is not None:
            self.call_from_thread(partial(self.notify, fault, severity="warning", markup=False))

    def _watch_themes(self, folder: Path) -> None:
        from supportdesk.console.preferences.store import watch_themes

        watch_themes(folder, self._left, lambda saved: self.post_message(ThemesSaved(saved)))

    def on_unmount(self) -> None:
        """Stop watching the themes."""
        self._left.set()
