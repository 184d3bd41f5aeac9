"""Runs what a screen does in the background, or later."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from inspect import isawaitable
from typing import Any, TypeVarTuple

from textual.dom import DOMNode
from textual.message_pump import MessagePump
from textual.timer import Timer
from textual.worker import Worker

Arguments = TypeVarTuple("Arguments")


def start_worker(
    node: DOMNode,
    work: Callable[[*Arguments], Coroutine[Any, Any, object]],
    *arguments: *Arguments,
    group: str,
    exclusive: bool = False,
) -> None:
    """Run `work` with its arguments as a worker of a node; an `exclusive` one replaces those of its group.

    The coroutine is made when the worker starts: one that is replaced before it does leaves none that is never awaited.
    """

    async def run() -> None:
        await work(*arguments)

    _: Worker[None] = node.run_worker(run, group=group, exclusive=exclusive)


def call_after(pump: MessagePump, seconds: float, callback: Callable[[], object]) -> Timer:
    """Call a function, or a coroutine function, of a widget or the application once, after more than 0 seconds.

    Stop the returned timer to prevent that. Textual's `set_timer` never calls if the machine stands still for longer
    than that just as the timer begins: it skips the time that was missed, and with it the only call. An interval skips
    to its next call.
    """

    async def call() -> None:
        try:
            done = callback()
            if isawaitable(done):
                await done
        finally:
            timer.stop()

    timer = pump.set_interval(seconds, call)
    return timer
