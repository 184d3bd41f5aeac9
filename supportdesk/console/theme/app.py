"""The base of the applications with a theme: the operator's, and the console's own colours in every theme."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from textual.app import App

from supportdesk.console.theme import builtin

if TYPE_CHECKING:
    from textual.screen import Screen

    from supportdesk.settings.files import SettingsFiles


class ThemedApp(App[None]):
    """Starts in the theme of the environment or of the settings in `files`."""

    def __init__(self, files: SettingsFiles | None = None) -> None:
        super().__init__()
        self.theme = first_theme(self, files)
        # The stylesheets are read after this; without it they would be read for two themes.
        self.stylesheet.set_variables(self.get_css_variables())

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Return the console's own colours, for themes that do not define them."""
        theme = self.get_theme(self.theme)
        return builtin.fallback_variables(dark=theme is None or theme.dark)

    def set_breakpoints(self, screen: Screen[Any]) -> None:
        """Give a screen that is about to be pushed the classes for the terminal's size.

        Textual does so only once the screen has been laid out, and applies all styles to all its widgets again then.
        """
        sides = (
            (self.size.width, screen.HORIZONTAL_BREAKPOINTS),
            (self.size.height, screen.VERTICAL_BREAKPOINTS),
        )
        for cells, breakpoints in sides:
            reached = [(least, name) for least, name in breakpoints or () if cells >= least]
            if reached:
                screen.add_class(max(reached)[1], update=False)


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
