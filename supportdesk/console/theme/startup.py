"""Finds the chosen theme for the first frame, before the rest of the settings is read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from supportdesk.toml_file.document import UnreadableError, read_toml

if TYPE_CHECKING:
    from textual.app import App

    from supportdesk.settings.files import SettingsFiles


def chosen_theme(app: App[None], files: SettingsFiles) -> str | None:
    """Return the theme in the config file, or else the last choice, registered with `app`; None if there is none."""
    for path in (files.config, files.remembered):
        try:
            name = read_toml(path)[1].get("theme")
        except UnreadableError:
            continue
        if isinstance(name, str):
            return name if name in app.available_themes or _own(app, files, name) else None
    return None


def _own(app: App[None], files: SettingsFiles, name: str) -> bool:
    from supportdesk.console.theme.user_themes import read_theme

    theme = read_theme(files.themes / f"{name}.toml").theme
    if theme is None or theme.name != name:
        return False
    app.register_theme(theme)
    return True
