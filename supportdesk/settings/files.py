"""The files of the settings: a file and a folder that the operator writes, and a file that the console writes."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from supportdesk.files import expand, is_there

VARIABLE = "SUPPORTDESK_CONFIG"


class SettingsFiles(NamedTuple):
    """`config` is the operator's file, `remembered` the console's saved state. Neither need exist."""

    config: Path
    remembered: Path

    def any_there(self) -> bool:
        """Return whether either file exists."""
        return is_there(self.config) or is_there(self.remembered)

    @property
    def inbox(self) -> Path:
        """What the operator has done with the entries of their inbox, beside `remembered`."""
        return self.remembered.with_name("inbox.json")

    @property
    def themes(self) -> Path:
        """The folder of the operator's themes, beside `config`."""
        return self.config.parent / "themes"

    @property
    def replies(self) -> Path:
        """The operator's canned replies, beside `config`."""
        return self.config.with_name("replies.toml")


def settings_files(config: str | None = None) -> SettingsFiles:
    """Return the files of this user; `config` may be another file. Raises OSError for an impossible path."""
    import platformdirs

    file = expand(config) if config else platformdirs.user_config_path("supportdesk") / "config.toml"
    return SettingsFiles(file, platformdirs.user_state_path("supportdesk") / "console.toml")
