"""The senders that the settings file sets up, for a watcher."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from supportdesk.clock import Clock
from supportdesk.settings.watcher import load_watcher_settings
from supportdesk.watcher.sending.methods import Senders
from supportdesk.watcher.sending.sender import Sender
from supportdesk.watcher.task import Say


def load_senders(config: Path, clock: Clock, say: Say) -> Mapping[str, Sender]:
    """Return the senders of a settings file by their methods, and say which methods cannot be used and why.

    What is to go out by a method that cannot be used waits for a watcher that can. Never raises for the file's content.
    """
    settings = load_watcher_settings(config)
    for line in settings.fault_lines():
        say(line)
    senders = Senders(settings, clock)
    return {method: senders.find(method) for method in settings.methods}
