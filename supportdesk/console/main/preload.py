"""What the first key needs and the queue does not: imported in a thread, once the queue is on the screen.

A key that is pressed sooner imports what it needs itself.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from importlib import import_module

MODULES = (
    "supportdesk.desk.commands",
    "supportdesk.console.widgets.notice_bar",
    "supportdesk.console.lock.screen",
    "supportdesk.console.commands.dry_run",
    "supportdesk.console.commands.form_registry",
    "supportdesk.console.main.help_entries",
    "supportdesk.console.dialogs.help_screen",
    "supportdesk.console.calls.screen",
    "supportdesk.console.queue.filter.completion",
    "supportdesk.console.queue.filter.dates",
    "supportdesk.console.main.command_palette",
    "supportdesk.console.main.view_palette",
    "supportdesk.console.dialogs.palette_screen",
    "supportdesk.console.commands.undo_runner",
    "supportdesk.console.commands.record_undo",
    "supportdesk.console.commands.batch_runner",
    "supportdesk.console.directory.screen",
    "supportdesk.console.board.screen",
    "supportdesk.console.rota.screen",
    "supportdesk.console.intake.screen",
    "supportdesk.console.outbox.screen",
)
"""The write path, then the screens by how soon a key may open them; each brings along what it imports."""


def import_all(is_closing: Callable[[], bool]) -> None:
    """Import MODULES, unless `is_closing`. Raises nothing: a module that fails is reported by the key that needs it."""
    for name in MODULES:
        if is_closing():
            return
        with suppress(Exception):
            import_module(name)
