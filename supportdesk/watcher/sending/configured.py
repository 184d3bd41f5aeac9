"""The senders of a settings file, with what in it cannot be used."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Generic, TypeVar

from supportdesk.watcher.sending.sender import Sender

S = TypeVar("S")


class ConfiguredSenders(dict[str, S], Generic[S]):
    """Senders by their methods. `unusable` says, each in a few words, what of the settings cannot be used.

    `working` are the methods that have all they need, such as their secret.
    """

    def __init__(
        self, senders: Mapping[str, S], unusable: tuple[str, ...] = (), working: tuple[str, ...] = ()
    ) -> None:
        super().__init__(senders)
        self.unusable = unusable
        self.working = working


def list_working(senders: Mapping[str, Sender]) -> tuple[str, ...]:
    """Return the methods that have all they need, in alphabetical order."""
    return senders.working if isinstance(senders, ConfiguredSenders) else tuple(sorted(senders))
