"""The base of the applications whose keys the operator can rebind."""

from __future__ import annotations

from collections.abc import Mapping

from textual.app import App


class KeymapApp(App[None]):
    """Holds the operator's key bindings, by the ids of the keys, for widgets that show keys."""

    def __init__(self) -> None:
        super().__init__()
        self.key_overrides: dict[str, str] = {}

    def set_keymap(self, keymap: Mapping[str, str]) -> None:
        """Rebind keys by their ids."""
        self.key_overrides = dict(keymap)
        super().set_keymap(self.key_overrides)
