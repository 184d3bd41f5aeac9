"""What the console keeps of its own accord from one sitting to the next: what was chosen in it by key."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct

from supportdesk.files import replace_file
from supportdesk.settings.partial_decode import salvage
from supportdesk.settings.settings import Pane
from supportdesk.toml_file.document import UnreadableError, read_toml


class UiState(Struct, frozen=True):
    """The theme that was chosen last, and how the ticket's pane was left."""

    theme: str | None = None
    pane: Pane = Pane()


def recall(path: Path) -> UiState:
    """What was remembered; nothing where the file is missing or not as it was written."""
    try:
        return salvage(read_toml(path)[1], UiState)[0]
    except UnreadableError:
        return UiState()


def remember(path: Path, remembered: UiState) -> None:
    """Writes it in place of what was there, whole or not at all. Raises OSError."""
    lines = [f'theme = "{remembered.theme}"'] if remembered.theme is not None else []
    pane = remembered.pane
    lines += ["[pane]"]
    lines += [f'place = "{pane.place}"'] if pane.place is not None else []
    lines += [
        f"{name} = {share}" for name in ("width", "height") if (share := getattr(pane, name)) is not None
    ]
    replace_file(path, ("\n".join(lines) + "\n").encode())
