"""The senders that the settings file sets up, for a watcher."""

from __future__ import annotations

import time

from supportdesk.clock import Clock
from supportdesk.settings.watcher import WatcherSettings
from supportdesk.watcher.current_settings import SettingsSource
from supportdesk.watcher.sending.configured import ConfiguredSenders
from supportdesk.watcher.sending.methods import Senders
from supportdesk.watcher.sending.obstacles import find_obstacle
from supportdesk.watcher.sending.sender import Sender

CHECK_SECONDS = 60.0
"""How often it is checked whether each method has what it needs, such as its secret."""


class SettingsSenders:
    """Returns the senders of the settings that hold, by their methods; asked at each tick, on one thread.

    What is to go out by a method that the settings describe wrongly waits for a watcher that can send by it, and
    everybody who looks at the desk sees that this one cannot.
    """

    def __init__(self, settings: SettingsSource, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._of: WatcherSettings | None = None
        self._senders = Senders(WatcherSettings(settings.path), clock)
        self._obstacles: dict[str, str] = {}
        self._next_check = 0.0

    def load(self) -> ConfiguredSenders[Sender]:
        """Return the senders, what of the settings cannot be used, and which methods can. Never raises for a file."""
        settings = self._settings.load()
        if settings is not self._of:
            self._of, self._senders, self._next_check = settings, Senders(settings, self._clock), 0.0
        if time.monotonic() >= self._next_check:
            self._next_check = time.monotonic() + CHECK_SECONDS
            found = {name: find_obstacle(method, settings) for name, method in settings.methods.items()}
            self._obstacles = {name: why for name, why in found.items() if why is not None}
        unusable = [self._settings.fault, *_find_faults(settings)]
        unusable += [
            f"the method {name} cannot be used: {why}" for name, why in sorted(self._obstacles.items())
        ]
        return ConfiguredSenders(
            {name: self._senders.find(name) for name in settings.methods},
            tuple(filter(None, unusable)),
            tuple(sorted(settings.methods.keys() - self._obstacles.keys())),
        )


def _find_faults(settings: WatcherSettings) -> list[str]:
    places = [fault.place for fault in settings.faults]
    if any(place == "$.watcher.methods" or not place.startswith("$.watcher.") for place in places):
        return ["the settings cannot be used, and nothing can be sent"]
    return sorted(f"the method {method} of the settings cannot be used" for method in settings.faulty)
