"""A person's settings, checked against what the console has: its keys and its themes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from supportdesk.console.own_themes import TAKEN, read_themes
from supportdesk.console.rebinding import rebound
from supportdesk.settings.load import Loaded, load_settings
from supportdesk.sla.toml_document import Fault

if TYPE_CHECKING:
    from supportdesk.settings.files import SettingsFiles


def load(files: SettingsFiles) -> Loaded:
    """The settings without what the console cannot do, and everything that is wrong with them."""
    loaded = load_settings(files.config)
    settings = loaded.settings
    keys, faults = rebound(settings.keys)
    known = TAKEN | {read.theme.name for read in read_themes(files.themes) if read.theme is not None}
    theme = settings.theme
    if theme is not None and theme not in known:
        faults.append(
            Fault("$.theme", f"there is no theme {theme!r}; write one of {', '.join(sorted(known))}")
        )
        theme = None
    return loaded.but(msgspec.structs.replace(settings, keys=keys, theme=theme), faults)
