"""A screen that is dismissed once, never closes a screen opened over it, and does nothing afterwards."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from textual import events, messages, on
from textual.await_complete import AwaitComplete
from textual.events import ScreenResume
from textual.message import Message
from textual.screen import Screen
from textual.worker import active_worker

from supportdesk.console.keys.type_ahead import KeyHandled

if TYPE_CHECKING:
    from textual._types import CallbackType
    from textual.timer import Timer, TimerCallback

Result = TypeVar("Result")
_OF_TEXTUAL = (events.__name__, messages.__name__)


class DismissOnce(Screen[Result]):
    """A screen whose `dismiss` takes effect once, as soon as the screen is in front.

    Textual's own closes whatever screen is in front, and hands its result over each time that it is called. It also
    removes the screen's widgets before it stops what the screen does later, which would look for them in vain.
    """

    _result: tuple[Result | None] | None = None
    is_left = False

    def dismiss(self, result: Result | None = None) -> AwaitComplete:
        """Leave with `result`: now, or once this screen has its widgets and those opened over it are left."""
        if self.is_left:
            return AwaitComplete()
        if not self.is_active or not self.is_mounted:
            self._result = (result,)
            return AwaitComplete()
        self.is_left = True
        self._cancel_workers()
        return super().dismiss(result)

    def forget_erased(self) -> bool:
        """Leave, as a contact was erased who may be named here; return whether this was left. A screen that reads all
        that it shows again may stay instead.
        """
        self.dismiss(None)
        return True

    def _cancel_workers(self) -> None:
        """Cancel what this screen and its widgets wait for; not the work that leaves it, which is at its end."""
        ours, leaving = {self, *self.walk_children()}, active_worker.get(None)
        for worker in self.workers:
            if worker.node in ours and worker is not leaving:
                worker.cancel()

    @on(ScreenResume)
    def _leave_when_in_front(self) -> None:
        if self._result is not None:
            self.dismiss(*self._result)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Let a key that arrives after the screen has been left do nothing."""
        return False if self.is_left else super().check_action(action, parameters)

    async def _on_message(self, message: Message) -> None:
        # Textual's own are needed to close the screen, and the next key waits for what follows the last one; those of
        # widgets and of the desk have nobody to tell any more.
        if not self.is_left or isinstance(message, KeyHandled) or type(message).__module__ in _OF_TEXTUAL:
            await super()._on_message(message)

    def call_after_refresh(self, callback: CallbackType, *args: Any, **kwargs: Any) -> bool:
        """Call a function after the next refresh, unless the screen has been left by then."""
        return super().call_after_refresh(self._while_open(callback), *args, **kwargs)

    def set_interval(self, interval: float, callback: TimerCallback | None = None, **how: Any) -> Timer:
        """Call a function every `interval` seconds, until the screen is left."""
        return super().set_interval(
            interval, self._while_open(callback) if callback is not None else None, **how
        )

    def _while_open(self, callback: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            return None if self.is_left else callback(*args, **kwargs)

        return call
