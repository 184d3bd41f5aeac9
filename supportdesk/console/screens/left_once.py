"""Leaving a screen: once, and never another screen that was opened over it meanwhile."""

from __future__ import annotations

from typing import TypeVar

from textual import on
from textual.await_complete import AwaitComplete
from textual.events import ScreenResume
from textual.screen import Screen

Result = TypeVar("Result")


class LeftOnce(Screen[Result]):
    """A screen whose `dismiss` takes effect once, as soon as the screen is in front.

    Textual's own closes whatever screen is in front, and hands its result over each time that it is called.
    """

    _result: tuple[Result | None] | None = None
    _left = False

    def dismiss(self, result: Result | None = None) -> AwaitComplete:
        """Leave with `result`: now, or when the screens that were opened over this one are left."""
        if self._left:
            return AwaitComplete()
        if not self.is_active:
            self._result = (result,)
            return AwaitComplete()
        self._left = True
        return super().dismiss(result)

    @on(ScreenResume)
    def _leave_when_in_front(self) -> None:
        if self._result is not None:
            self.dismiss(*self._result)
