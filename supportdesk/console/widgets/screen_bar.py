"""The base of the bars that are on every screen while there is something to show in them."""

from __future__ import annotations

from typing import Any, Self

from textual.screen import Screen
from textual.widget import Widget


class ScreenBar(Widget, can_focus=False):
    """A bar that other code mounts on a screen, and removes again.

    A widget that is being removed is still found on its screen for a moment; what is shown in it then is lost.
    """

    _is_leaving = False

    @classmethod
    def on(cls, screen: Screen[Any]) -> Self | None:
        """Return the bar on a screen; None where there is none, or it is being removed."""
        bars = screen.query_children(cls).results(cls)
        return next((each for each in bars if not each._is_leaving), None)

    def leave(self) -> None:
        """Remove the bar from its screen."""
        self._is_leaving = True
        self.remove()
