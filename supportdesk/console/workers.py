"""Runs a coroutine function of a screen in the background."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any, TypeVarTuple

from textual.dom import DOMNode
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
