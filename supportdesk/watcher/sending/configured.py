"""The senders of a settings file, with what in it cannot be used."""

from __future__ import annotations

from collections.abc import Mapping

from supportdesk.watcher.sending.sender import Sender


class ConfiguredSenders(dict[str, Sender]):
    """Senders by their methods. `unusable` names, each in a few words, what of the settings cannot be used."""

    def __init__(self, senders: Mapping[str, Sender], unusable: tuple[str, ...] = ()) -> None:
        super().__init__(senders)
        self.unusable = unusable
