"""Where the settings are: one file and one folder that a person writes, and one file that the console writes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from supportdesk.files import expand, is_there

VARIABLE = "SUPPORTDESK_CONFIG"


@dataclass(frozen=True, slots=True)
class SettingsFiles:
    """`config` is the person's own file, `remembered` what the console keeps of what was chosen in it by key.

    Neither need be there.
    """

    config: Path
    remembered: Path

    def any_there(self) -> bool:
        """Whether anything was ever set or chosen."""
        return is_there(self.config) or is_there(self.remembered)

    @property
    def themes(self) -> Path:
        """The folder of the person's own themes, beside the file."""
        return self.config.parent / "themes"


def settings_files(named: str | None = None) -> SettingsFiles:
    """The files of this user; `named` is another config file. Raises OSError for a name that none can have."""
    import platformdirs

    config = expand(named) if named else platformdirs.user_config_path("supportdesk") / "config.toml"
    return SettingsFiles(config, platformdirs.user_state_path("supportdesk") / "console.toml")
