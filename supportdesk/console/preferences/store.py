"""Reads and writes one operator's preferences: settings, themes and last choices. Read after the first frame."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from supportdesk.console.preferences.validation import load_validated
from supportdesk.console.theme.user_themes import UserTheme, read_theme, read_themes
from supportdesk.settings.inbox_marks import InboxMarks
from supportdesk.settings.save_view import ViewNotSavedError, save_view
from supportdesk.settings.settings import PaneSettings, Settings
from supportdesk.settings.state import UiState, load_state, save_state

if TYPE_CHECKING:
    from pathlib import Path

    from supportdesk.settings.files import SettingsFiles
    from supportdesk.settings.load import LoadedSettings

PAUSE = 1.0
"""Seconds between two checks of the themes' files."""


class Preferences(msgspec.Struct, frozen=True):
    """The operator's settings, themes, last choices and marks in the inbox, as their files have them."""

    loaded: LoadedSettings
    themes: list[UserTheme]
    remembered: UiState
    inbox_marks: InboxMarks

    @property
    def settings(self) -> Settings:
        """The settings, with the last split of the screen where they do not set one."""
        settings, left = self.loaded.settings, self.remembered.pane
        names = settings.pane.__struct_fields__
        pane = {name: getattr(settings.pane, name) or getattr(left, name) for name in names}
        return replace(settings, pane=PaneSettings(**pane))

    @property
    def faults(self) -> list[str]:
        """The faults of the files, one line each."""
        return [*self.loaded.fault_lines(), *(fault for read in self.themes for fault in read.faults)]


def read_preferences(files: SettingsFiles) -> Preferences:
    """Read an operator's preferences, leaving out what is faulty. Blocks."""
    return Preferences(
        load_validated(files),
        read_themes(files.themes),
        load_state(files.remembered),
        InboxMarks(files.inbox),
    )


def remember_choices(files: SettingsFiles, remembered: UiState) -> str | None:
    """Save the last choices. Blocks. Returns why they could not be saved, or None."""
    try:
        save_state(files.remembered, remembered)
    except OSError as error:
        return f"This choice lasts until you quit: {files.remembered} cannot be written, {error.strerror}."
    return None


def save_view_to_config(files: SettingsFiles | None, name: str, text: str) -> str:
    """Save a view in the config file. Blocks. Returns the text that reports the outcome."""
    if files is None:
        return f"The view “{name}” lasts until you quit: there is no config file here."
    try:
        save_view(files.config, name, text)
    except (OSError, ViewNotSavedError) as error:
        return f"The view “{name}” lasts until you quit: {error}."
    return f"Saved the view “{name}” in {files.config}."


def watch_themes(folder: Path, left: threading.Event, changed: Callable[[list[UserTheme]], object]) -> None:
    """Call `changed` with the themes whose files are saved or added, until `left` is set. Blocks its thread."""
    seen = _saved(folder)
    while not left.wait(PAUSE):
        now = _saved(folder)
        if saved := [read_theme(path) for path in now if now[path] != seen.get(path)]:
            changed(saved)
        seen = now


def _saved(folder: Path) -> dict[Path, int]:
    """Return when each theme file was saved, in ns. A file that is removed meanwhile is left out."""
    saved = {}
    for path in folder.glob("*.toml"):
        try:
            saved[path] = path.stat().st_mtime_ns
        except OSError:
            continue
    return saved
