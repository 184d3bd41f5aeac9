"""Connects the lock with the console: what it shows of the desk behind it, and what happens when it is gone."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from supportdesk.console.lock.screen import Behind
from supportdesk.console.lock.screen_lock import ScreenLock

if TYPE_CHECKING:
    from textual.screen import Screen

    from supportdesk.console.calls.incoming import IncomingCalls
    from supportdesk.console.main.controllers import StartOptions
    from supportdesk.console.main.screen import MainScreen
    from supportdesk.console.preferences.app import PreferencesApp


def console_lock(
    app: PreferencesApp,
    main: MainScreen,
    options: StartOptions,
    calls: IncomingCalls,
    prepare: Callable[[Screen[Any]], None],
) -> ScreenLock:
    """Return the lock of a console; `prepare` gives a screen its styles."""
    behind = Behind(
        options.desk,
        options.username,
        session=lambda: main.session,
        rings=lambda: calls.rings,
        overdue=lambda: main.updates.overdue.tickets,
    )

    def change(locked: bool, said: str) -> None:
        # Whoever ends a console that asks for a password, and starts another, is asked again.
        app.remember(locked=locked)
        if not locked:
            main.controllers.notices.show_after_lock()
        if said:
            main.show_message(said, True)

    return ScreenLock(app, main.typed, options.settings.lock, behind, prepare=prepare, on_change=change)
