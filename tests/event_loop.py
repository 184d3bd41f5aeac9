"""An event loop that says when the program has nothing left to do, so that no test has to guess it from the time.

Textual's pilot takes a program to be at rest when its process used little of the processor for a moment. On a busy
machine that is also true of a program that has not had its turn yet. The loop itself knows better: it is idle when
nothing is ready to run or about to be, and no thread of its own is at work.
"""

from __future__ import annotations

import asyncio
import selectors
import threading
from collections.abc import Callable
from typing import Any, cast

import pytest
import textual.app
import textual.pilot
import textual.screen
from textual._compositor import Compositor, LayoutUpdate
from textual._context import active_app, visible_screen_stack
from textual.app import App
from textual.geometry import Region
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widget import Widget

from tests.patience import LAST_RESORT, NeverCameError

SOON = 1 / 100
"""Seconds within which what a timer does counts as under way; Textual lets a change of size wait for so long."""
TIMERS = 20
"""How many such timers are waited for: one that begins again and again must not keep a test from going on."""

UPDATE_PERIOD = 3600.0
"""Seconds between two drawings that Textual's own timer makes. A program that is at rest is drawn by the test."""

Job = asyncio.Future[Any]


class _Selector(selectors.DefaultSelector):
    """Calls `on_idle` instead of sleeping; sleeps where that returns False."""

    on_idle: Callable[[float | None], bool]

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is not None and timeout <= 0:
            return super().select(timeout)
        return super().select(0) or ([] if self.on_idle(timeout) else super().select(timeout))


class ObservedLoop(asyncio.SelectorEventLoop):
    """Tells those who wait for it that nothing is ready to run and no job is under way on its threads."""

    def __init__(self) -> None:
        selector = _Selector()
        selector.on_idle = self._announce
        super().__init__(selector)
        self._jobs: set[Job] = set()
        self._waiting: set[asyncio.Future[None]] = set()
        self._timers = 0
        self.held = 0
        """How many of the jobs wait at a gate."""

    async def idle(self) -> None:
        """Wait until nothing is left to do. Raises NeverCameError."""
        waiting: asyncio.Future[None] = self.create_future()
        self._waiting.add(waiting)
        self._timers = TIMERS
        try:
            async with asyncio.timeout(LAST_RESORT):
                await waiting
        except TimeoutError:
            doing = "\n".join(map(str, [*self._jobs, *asyncio.all_tasks(self)]))
            raise NeverCameError(f"after {LAST_RESORT:.0f} s the program is still busy:\n{doing}") from None
        finally:
            self._waiting.discard(waiting)

    def run_in_executor(self, executor: Any, func: Any, *arguments: Any) -> Job:  # type: ignore[override]
        """Do what every loop does, and remember the job until it is done."""
        job: Job = super().run_in_executor(executor, func, *arguments)
        self._jobs.add(job)
        job.add_done_callback(self._jobs.discard)
        return job

    def _announce(self, due: float | None) -> bool:
        if len(self._jobs) > self.held or not self._waiting:
            return False
        if due is not None and due < SOON and self._timers:
            self._timers -= 1
            return False
        for waiting in self._waiting:
            if not waiting.done():
                waiting.set_result(None)
        return True


class Gate:
    """Holds jobs on their threads until it is opened; a program whose jobs are all held counts as idle."""

    def __init__(self) -> None:
        self._loop = cast("ObservedLoop", asyncio.get_running_loop())
        self._held = 0
        self._open = threading.Event()

    def wait(self) -> None:
        """Wait for the gate. For a thread of the loop."""
        self._loop.call_soon_threadsafe(self._hold)
        assert self._open.wait(LAST_RESORT), "the gate stayed closed"

    def open(self) -> None:
        """Let all jobs go on. For the loop's own thread."""
        self._loop.held -= self._held
        self._held = 0
        self._open.set()

    def _hold(self) -> None:
        if not self._open.is_set():
            self._held += 1
            self._loop.held += 1


class Policy(asyncio.DefaultEventLoopPolicy):
    """Makes every new loop an observed one."""

    def new_event_loop(self) -> ObservedLoop:
        return ObservedLoop()


async def wait_until_drawn(app: App[Any]) -> None:
    """Wait until the application has nothing left to do and all of it is on the screen."""
    loop = cast("ObservedLoop", asyncio.get_running_loop())
    while True:
        await loop.idle()
        if not app._screen_stack or not app.is_running:
            return
        # The screens below it too, which show at the edges of a dialog.
        visible = [*app._background_screens, app.screen_stack[-1]]
        due = [screen for screen in visible if _is_to_be_drawn(screen)]
        if not due:
            return
        for screen in due:
            screen._on_timer_update()


def _is_to_be_drawn(screen: Screen[Any]) -> bool:
    """Return whether something changed on a screen, which its timer would draw within a sixtieth of a second."""
    timer: Any = screen._update_timer
    return bool(timer._active.is_set())


def render_for_nobody(
    compositor: Compositor,
    full: bool = False,
    screen_stack: list[Screen[Any]] | None = None,
    simplify: bool = False,
) -> LayoutUpdate | None:
    """Have each widget render what changed, as Textual does; put it together only for a picture.

    What an application without a terminal puts together is thrown away by Textual.
    """
    visible_screen_stack.set(screen_stack or [])
    if full:
        return compositor.render_full_update(simplify=simplify)
    changed = list(compositor._dirty_regions)
    compositor._dirty_regions.clear()
    if changed:
        _render_changed(compositor, Region.from_union(changed).intersection(compositor.size.region))
    return None


def _render_changed(compositor: Compositor, crop: Region) -> None:
    """Have the widgets in a part of the screen render the lines that changed.

    What shows through a translucent screen is rendered for a picture only.
    """
    for widget, (region, clip) in compositor.visible_widgets.items():
        see_through = isinstance(widget, Screen) and widget.styles.background.a < 1
        if crop.overlaps(clip) and not see_through and not _is_rendered(widget, region):
            seen = clip.intersection(region) - region.offset
            widget.render_lines(seen)


def _is_rendered(widget: Widget, region: Region) -> bool:
    """Return whether a widget's lines are those that it rendered before."""
    known = widget._styles_cache
    return (
        type(widget).render_lines is Widget.render_lines
        and known._width == region.width
        and not known._dirty_lines
        and len(known._cache) >= region.height
    )


def observe_event_loops(patch: pytest.MonkeyPatch) -> None:
    """Have Textual's pilot wait for the loop instead of for a while, and draw when a program is at rest."""

    async def wait_for_idle(*_: float) -> None:
        await wait_until_drawn(active_app.get())

    async def wait_for_screen(pilot: Pilot[Any], *_: float) -> bool:
        await wait_until_drawn(pilot.app)
        return True

    asyncio.set_event_loop_policy(Policy())
    patch.setattr(textual.screen, "UPDATE_PERIOD", UPDATE_PERIOD)
    patch.setattr(Compositor, "render_update", render_for_nobody)
    for module in (textual.app, textual.pilot):
        patch.setattr(module, "wait_for_idle", wait_for_idle)
    patch.setattr(Pilot, "_wait_for_screen", wait_for_screen)
