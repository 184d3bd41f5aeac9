"""What a person brings along: settings, own themes, and what was chosen last time. Read after the first frame."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from msgspec.structs import replace

from supportdesk.console.preferences.validation import load_validated
from supportdesk.console.theme.user_themes import UserTheme, read_theme, read_themes
from supportdesk.settings.save_view import ViewNotSavedError, save_view
from supportdesk.settings.settings import Pane, Settings
from supportdesk.settings.state import UiState, load_state, save_state

if TYPE_CHECKING:
    from pathlib import Path

    from supportdesk.settings.files import SettingsFiles
    from supportdesk.settings.load import LoadedSettings

PAUSE = 1.0
"""Seconds between two looks at the themes' files."""


@dataclass(frozen=True, slots=True)
class Preferences:
    """All of it, as its files have it."""

    loaded: LoadedSettings
    themes: list[UserTheme]
    remembered: UiState

    @property
    def settings(self) -> Settings:
        """What is set; where nothing is said of the ticket's pane, it is as it was left."""
        settings, left = self.loaded.settings, self.remembered.pane
        names = settings.pane.__struct_fields__
        pane = {name: getattr(settings.pane, name) or getattr(left, name) for name in names}
        return replace(settings, pane=Pane(**pane))

    @property
    def faults(self) -> list[str]:
        """What is wrong with the files, each in a line of words."""
        return [*self.loaded.fault_lines(), *(fault for read in self.themes for fault in read.faults)]


def read_preferences(files: SettingsFiles) -> Preferences:
    """Blocks; a bad file costs what is bad in it and no more."""
    return Preferences(load_validated(files), read_themes(files.themes), load_state(files.remembered))


def remember_choices(files: SettingsFiles, remembered: UiState) -> str | None:
    """Writes what is to be remembered; blocks. Returns why it could not."""
    try:
        save_state(files.remembered, remembered)
    except OSError as error:
        return f"This choice lasts until you quit: {files.remembered} cannot be written, {error.strerror}."
    return None


def save_view_to_config(files: SettingsFiles | None, name: str, text: str) -> str:
    """Writes a view into the config file; blocks. Returns what to say of it."""
    if files is None:
        return f"The view “{name}” lasts until you quit: there is no config file here."
    try:
        save_view(files.config, name, text)
    except (OSError, ViewNotSavedError) as error:
        return f"The view “{name}” lasts until you quit: {error}."
    return f"Saved the view “{name}” in {files.config}."


def watch_themes(folder: Path, left: threading.Event, changed: Callable[[list[UserTheme]], object]) -> None:
    """Tells of every theme whose file is saved, new ones among them, until `left`. Holds its thread as long as that."""
    seen = _saved(folder)
    while not left.wait(PAUSE):
        now = _saved(folder)
        if anew := [read_theme(path) for path in now if now[path] != seen.get(path)]:
            changed(anew)
        seen = now


def _saved(folder: Path) -> dict[Path, int]:
    """When each file was saved. Between being found and being asked, one may go away."""
    saved = {}
    for path in folder.glob("*.toml"):
        try:
            saved[path] = path.stat().st_mtime_ns
        except OSError:
            continue
    return saved
