"""Opens a screen over another and waits for its result."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from textual.app import App
    from textual.screen import Screen

    from supportdesk.console.keys.type_ahead import KeyHold


async def push_and_wait(
    app: App[Any],
    screen: Screen[Any],
    typed: KeyHold,
    on_left: Callable[[], object] | None = None,
    *,
    drops: bool = False,
) -> Any:
    """Open a screen and return its result. The keys `typed` while it opens are held and passed to it, or dropped.

    `on_left` is called at the moment at which the screen is left, before any other key is handled.
    """
    result: asyncio.Future[Any] = asyncio.get_running_loop().create_future()

    def settle(value: Any) -> None:
        # The screen that waits may have been left, too, at the same moment.
        if not result.done():
            if on_left is not None:
                on_left()
            result.set_result(value)

    mounted = app.push_screen(screen, settle)
    ready = getattr(screen, "ready", None)
    await (ready.wait() if ready is not None else mounted)
    if drops:
        typed.discard()
    else:
        typed.release()
    return await result
