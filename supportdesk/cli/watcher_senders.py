"""Which senders a watcher has that this program runs: those of the settings file, and none for a demo."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from supportdesk.cli.context import CliContext

if TYPE_CHECKING:
    from supportdesk.watcher.sending.sender import Sender
    from supportdesk.watcher.task import Say


def senders_loader(context: CliContext, say: Say) -> Callable[[], Mapping[str, Sender]]:
    """Return a function that loads the senders of the settings file; it blocks, and is for the watcher's thread.

    Nothing is sent from a demo, whose people and addresses are invented.
    """
    config, address, clock = context.settings_files.config, context.address, context.clock

    def load() -> Mapping[str, Sender]:
        from supportdesk.demo.fill import is_demo
        from supportdesk.watcher.configured_senders import load_senders

        return {} if is_demo(address) else load_senders(config, clock, say)

    return load
