"""The mode of Textual in which the lock screen is shown: the screens of the desk stay behind it, in their own mode."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from textual.app import App
    from textual.screen import Screen

LOCK_MODE = "locked"


def is_locked(app: App[Any]) -> bool:
    """Return whether the lock screen is shown, so that no text of customers may be."""
    return app.current_mode == LOCK_MODE


def desk_screens(app: App[Any]) -> list[Screen[Any]]:
    """Return the screens of the desk, the one in front last, whether the console is locked or not."""
    return app.get_screen_stack(app.DEFAULT_MODE)
