"""Locks and unlocks one console, by a key or after some time without one."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from textual.events import Event, InputEvent, Key, MouseUp, Paste, Resize

from supportdesk.console.lock.idle import IdleTime
from supportdesk.console.terminal.lock_mode import LOCK_MODE, desk_screens, is_locked

if TYPE_CHECKING:
    from textual.app import App
    from textual.screen import Screen

    from supportdesk.console.keys.type_ahead import TypeAhead
    from supportdesk.console.lock.behind import Behind
    from supportdesk.console.lock.screen import LockScreen
    from supportdesk.settings.settings import LockSettings

SECOND = 1.0


class ScreenLock:
    """Shows the lock screen instead of the desk's screens, which stay as they are, with what was typed in them.

    `prepare` gives a screen its styles. `on_change` is called when the console has been locked (True) or unlocked, with
    what to tell the operator then.
    """

    def __init__(
        self,
        app: App[Any],
        typed: TypeAhead,
        settings: LockSettings,
        behind: Behind,
        *,
        prepare: Callable[[Screen[Any]], None],
        on_change: Callable[[bool, str], None],
    ) -> None:
        self._app = app
        self._typed = typed
        self._command = settings.unlock_command
        self._behind = behind
        self._prepare = prepare
        self._on_change = on_change
        self._screen: LockScreen | None = None
        self._size = app.size
        after = settings.after_minutes
        self.idle = IdleTime(60 * after if after is not None else None)
        if after is not None:
            app.set_interval(SECOND, self.check_idle)

    @property
    def asks(self) -> bool:
        """Whether unlocking takes a password."""
        return bool(self._command)

    def check_idle(self) -> None:
        """Lock the console if nobody has used it for so long; called every second."""
        if self.idle.is_over:
            self.lock()

    def handle(self, event: Event) -> bool:
        """Handle a key, a paste or the mouse before any screen does; return False to pass it on.

        Where no password is asked for, the key that unlocks does nothing else; nor does one that comes too late, when
        the console should have been locked before.
        """
        if not isinstance(event, InputEvent | Paste) or event.is_forwarded:
            return False
        locked = is_locked(self._app)
        late = not locked and self.idle.is_over
        if late:
            self.lock()
        self.idle.restart()
        if not locked or self.asks:
            return late
        # Not when the button is pressed: letting it go would be a click on what is behind.
        if isinstance(event, Key | MouseUp):
            self.unlock()
        return True

    def lock(self) -> None:
        """Show the lock screen, unless it is shown; keys that wait for the desk are dropped."""
        from supportdesk.console.lock.screen import LockScreen

        app = self._app
        if is_locked(app):
            return
        self._typed.hold().refuse()
        app.capture_mouse(None)
        self._size = app.size
        screen = self._screen
        if screen is None:
            screen = self._screen = LockScreen(self._behind, self._command, self.unlock)
            self._prepare(screen)
            app.add_mode(LOCK_MODE, lambda: screen)
            # Its stack exists since the start; Textual must only know that it can be switched to.
            app.add_mode(app.DEFAULT_MODE, app.get_default_screen)
        screen.begin()
        app.switch_mode(LOCK_MODE)
        self._on_change(True, "")

    def unlock(self) -> None:
        """Show the desk again; what is typed without a pause after the key that unlocked is dropped."""
        from supportdesk.console.lock.screen import describe_refused

        app = self._app
        app.switch_mode(app.DEFAULT_MODE)
        self._typed.hold().refuse()
        self.idle.restart()
        if app.size != self._size:
            for screen in desk_screens(app):
                screen.post_message(Resize.from_dimensions(app.size, None))
        refused = self._screen.refused if self._screen is not None else 0
        self._on_change(False, describe_refused(refused))
