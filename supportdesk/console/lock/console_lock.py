"""Connects the lock with the console: what it shows of the desk behind it, and what happens when it is gone."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from supportdesk.console.lock.behind import Behind
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
    calls: Callable[[], IncomingCalls | None],
    prepare: Callable[[Screen[Any]], None],
) -> ScreenLock:
    """Return the lock of a console.

    `calls` returns None until the console listens for calls; `prepare` gives a screen its styles.
    """

    def rings() -> bool:
        incoming = calls()
        return incoming is not None and incoming.rings

    behind = Behind(
        options.desk,
        options.username,
        session=lambda: main.session,
        rings=rings,
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
