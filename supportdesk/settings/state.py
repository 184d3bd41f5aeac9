"""The state that the console saves between runs: choices that the operator made by key."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct

from supportdesk.files import replace_file
from supportdesk.settings.partial_decode import decode_valid_parts
from supportdesk.settings.settings import PaneSettings
from supportdesk.toml_file.document import UnreadableError, read_toml


class UiState(Struct, frozen=True):
    """The last theme, the last position and size of the ticket pane, and whether the console was left locked."""

    theme: str | None = None
    pane: PaneSettings = PaneSettings()
    locked: bool = False


def load_state(path: Path) -> UiState:
    """Load the saved state; the defaults where the file is missing or damaged."""
    try:
        return decode_valid_parts(read_toml(path)[1], UiState)[0]
    except UnreadableError:
        return UiState()


def save_state(path: Path, remembered: UiState) -> None:
    """Save the state atomically. Raises OSError."""
    lines = [f'theme = "{remembered.theme}"'] if remembered.theme is not None else []
    lines += ["locked = true"] if remembered.locked else []
    pane = remembered.pane
    lines += ["[pane]"]
    lines += [f'place = "{pane.place}"'] if pane.place is not None else []
    lines += [
        f"{name} = {share}" for name in ("width", "height") if (share := getattr(pane, name)) is not None
    ]
    replace_file(path, ("\n".join(lines) + "\n").encode())
