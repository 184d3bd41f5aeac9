"""The theme of the first frame, where somebody has chosen one: all that is read of the settings before it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from supportdesk.toml_file.document import UnreadableError, read_toml

if TYPE_CHECKING:
    from textual.app import App

    from supportdesk.settings.files import SettingsFiles


def chosen_theme(app: App[None], files: SettingsFiles) -> str | None:
    """The name of a theme that `app` has now: the one in the config file, or else the one that was chosen last."""
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
