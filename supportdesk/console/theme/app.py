"""What all that is drawn on a whole screen has in common: it begins in a theme, and its colours are ours."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from textual.app import App

from supportdesk.console.theme import builtin

if TYPE_CHECKING:
    from collections.abc import Mapping

    from textual.driver import Driver

    from supportdesk.settings.files import SettingsFiles


class ThemedApp(App[None]):
    """An application that begins in the theme of the environment or of the settings' `files`."""

    def __init__(self, files: SettingsFiles | None = None) -> None:
        super().__init__()
        self.key_overrides: dict[str, str] = {}
        self.theme = first_theme(self, files)
        # The looks are read after this; without it they would be read for one theme and then for the other.
        self.stylesheet.set_variables(self.get_css_variables())

    def set_keymap(self, keymap: Mapping[str, str]) -> None:
        """Bind keys otherwise, by id; `key_overrides` is how they are bound, for those who show keys."""
        self.key_overrides = dict(keymap)
        super().set_keymap(self.key_overrides)

    def get_driver_class(self) -> type[Driver]:
        """Draw on the terminal itself, wherever standard error leads."""
        chosen = super().get_driver_class()
        if chosen.__name__ != "LinuxDriver":
            return chosen
        from supportdesk.console.terminal.driver import TerminalDriver

        return TerminalDriver

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """The console's own colours, for themes that do not bring them."""
        theme = self.get_theme(self.theme)
        return builtin.variables_without_theme(dark=theme is None or theme.dark)


def first_theme(app: App[None], files: SettingsFiles | None) -> str:
    """The name of the theme that an application begins with; ours are registered.

    It is the environment's, else that of the settings' `files`, else the one that was chosen last, else ours.
    """
    for theme in builtin.THEMES:
        app.register_theme(theme)
    wanted = os.environ.get("TEXTUAL_THEME", "")
    if wanted not in app.available_themes and files is not None and files.any_there():
        from supportdesk.console.theme.startup import chosen_theme

        wanted = chosen_theme(app, files) or ""
    return wanted if wanted in app.available_themes else builtin.DARK.name
