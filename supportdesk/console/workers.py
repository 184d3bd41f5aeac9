"""Runs what a screen does in the background, or later."""

from __future__ import annotations

import time
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


class PacedCall:
    """Calls a function after changes, at most every `gap` seconds; of those planned meanwhile, only the first."""

    def __init__(self, gap: float) -> None:
        self._gap = gap
        self._last: float | None = None
        self._is_planned = False

    def plan(self, pump: MessagePump, callback: Callable[[], object], *, first_after: float) -> None:
        """Call a function once the gap is over, the first time after `first_after` seconds."""
        if self._is_planned:
            return
        self._is_planned = True
        wait = first_after if self._last is None else self._last + self._gap - time.monotonic()

        def call() -> None:
            self._is_planned, self._last = False, time.monotonic()
            callback()

        if wait <= 0:
            call()
        else:
            call_after(pump, wait, call)
