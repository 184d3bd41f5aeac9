"""Opens dialogs one after the other, and passes each of them the keys that were typed for it."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, Self

from supportdesk.console.dialogs.push import push_and_wait
from supportdesk.console.workers import start_worker

if TYPE_CHECKING:
    from types import TracebackType

    from textual.dom import DOMNode
    from textual.screen import Screen

    from supportdesk.console.keys.type_ahead import KeyHold, SerializedKeys

Arguments = ParamSpec("Arguments")


class DialogSequence:
    """The dialogs of one action: at first the keys `typed` since then are held for the first one.

    As a context manager it delivers in the end what is still held, whether a dialog opened or not.
    """

    def __init__(self, app: SerializedKeys, typed: KeyHold) -> None:
        self._app = app
        self._typed = typed

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._typed.release()

    async def ask(self, dialog: Screen[Any]) -> Any:
        """Open a dialog and return its result. What is typed after it is held for the next one."""
        return await push_and_wait(self._app, dialog, self._typed, self._hold_again)

    async def finish(self, form: Screen[Any]) -> Any:
        """Open the last dialog and return its result."""
        return await push_and_wait(self._app, form, self._typed)

    async def ask_unprepared(self, dialog: Screen[Any]) -> Any:
        """Open a dialog as `ask` does, which no key answers that was typed before it was there."""
        return await push_and_wait(self._app, dialog, self._typed, self._hold_again, drops=True)

    def release(self) -> None:
        """Deliver what was typed for a further dialog, as none follows."""
        self._typed.release()

    def refuse(self) -> None:
        """Drop what was typed for a dialog that does not open."""
        self._typed.refuse()

    def _hold_again(self) -> None:
        self._typed = self._app.typed.hold()


def begin_dialogs(
    node: DOMNode,
    run: Callable[Concatenate[DialogSequence, Arguments], Coroutine[Any, Any, object]],
    *arguments: Arguments.args,
    **named: Arguments.kwargs,
) -> None:
    """Run what opens dialogs, as a worker of a node. What is typed from now on waits for them."""
    app: SerializedKeys = node.app  # type: ignore[assignment]
    dialogs = DialogSequence(app, app.typed.hold())

    async def run_in_turn() -> None:
        with dialogs:
            await run(dialogs, *arguments, **named)

    start_worker(node, run_in_turn, group="dialog")
