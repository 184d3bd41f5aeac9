"""The settings of the watcher of a demo, whatever the settings file says: its people and addresses are invented."""

from __future__ import annotations

from pathlib import Path

from supportdesk.settings.watcher import WatcherSettings


class DemoSettings:
    """Settings by which nothing is sent, called or read."""

    path = Path("demo")
    """Stands for the path of a file: there is none."""
    fault = ""

    def __init__(self) -> None:
        """Make them."""
        self._settings = WatcherSettings(self.path)

    def load(self) -> WatcherSettings:
        """Return the settings."""
        return self._settings
