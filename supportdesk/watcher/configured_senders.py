"""The senders that the settings file sets up, for a watcher."""

from __future__ import annotations

from pathlib import Path

from supportdesk.clock import Clock
from supportdesk.settings.watcher import load_watcher_settings
from supportdesk.watcher.sending.configured import ConfiguredSenders
from supportdesk.watcher.sending.methods import Senders
from supportdesk.watcher.task import Say


def load_senders(config: Path, clock: Clock, say: Say) -> ConfiguredSenders:
    """Return the senders of a settings file by their methods, and say which methods cannot be used and why.

    What is to go out by a method that cannot be used waits for a watcher that can, and who looks at the desk sees
    that this one cannot. Never raises for the file's content.
    """
    settings = load_watcher_settings(config)
    for line in settings.fault_lines():
        say(line)
    senders = Senders(settings, clock)
    unusable = [f"the method {method} of the settings cannot be used" for method in settings.faulty]
    places = [fault.place for fault in settings.faults]
    if any(place == "$.watcher.methods" or not place.startswith("$.watcher.") for place in places):
        unusable = ["the settings cannot be used, and nothing can be sent"]
    return ConfiguredSenders(
        {method: senders.find(method) for method in settings.methods}, tuple(sorted(unusable))
    )
