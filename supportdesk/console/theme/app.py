"""The base of the full-screen applications: a theme, the console's own colours, the operator's keys, the terminal."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from textual.app import App

from supportdesk.console.theme import builtin

if TYPE_CHECKING:
    from collections.abc import Mapping

    from textual.driver import Driver

    from supportdesk.settings.files import SettingsFiles


class FullScreenApp(App[None]):
    """Base of the full-screen applications, for what all of them need before the first frame.

    It starts in the theme of the environment or of the settings in `files`, holds the keys that the operator has
    rebound, and draws with the console's own terminal driver.
    """

    def __init__(self, files: SettingsFiles | None = None) -> None:
        super().__init__()
        self.key_overrides: dict[str, str] = {}
        self.theme = first_theme(self, files)
        # The stylesheets are read after this; without it they would be read for two themes.
        self.stylesheet.set_variables(self.get_css_variables())

    def set_keymap(self, keymap: Mapping[str, str]) -> None:
        """Rebind keys by their ids; `key_overrides` holds the bindings for widgets that show keys."""
        self.key_overrides = dict(keymap)
        super().set_keymap(self.key_overrides)

    def get_driver_class(self) -> type[Driver]:
        """Return a driver that draws on the terminal itself, even if standard error is redirected."""
        chosen = super().get_driver_class()
        if chosen.__name__ != "LinuxDriver":
            return chosen
        from supportdesk.console.terminal.driver import TerminalDriver

        return TerminalDriver

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Return the console's own colours, for themes that do not define them."""
        theme = self.get_theme(self.theme)
        return builtin.fallback_variables(dark=theme is None or theme.dark)


def first_theme(app: App[None], files: SettingsFiles | None) -> str:
    """Return the name of the theme that an application starts with, and register the built-in themes.

    It is that of TEXTUAL_THEME, else that of the settings, else the last choice, else the built-in dark one.
    """
    for theme in builtin.THEMES:
        app.register_theme(theme)
    wanted = os.environ.get("TEXTUAL_THEME", "")
    if wanted not in app.available_themes and files is not None and files.any_there():
        from supportdesk.console.theme.startup import chosen_theme

        wanted = chosen_theme(app, files) or ""
    return wanted if wanted in app.available_themes else builtin.DARK.name
