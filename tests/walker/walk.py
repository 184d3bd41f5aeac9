"""One walk: sittings at the console, a replay, the wall and the set-up, each with random steps until it is left."""

from __future__ import annotations

import asyncio
import contextlib
import tempfile
import threading
import unicodedata
from collections import deque
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

from textual import events
from textual.app import App
from textual.keys import REPLACED_KEYS, _character_to_key, _get_unicode_name_from_key
from textual.pilot import Pilot

from supportdesk.cli.context import CliContext
from supportdesk.cli.setup import LocalDeskSetup
from supportdesk.console.app import Console
from supportdesk.console.calls.incoming import CallReceived
from supportdesk.console.keys.key import Scope
from supportdesk.console.keys.keymap import KEYS
from supportdesk.console.setup.app import SetupApp
from supportdesk.console.wall.app import Wall, WallOptions
from supportdesk.console.watching.host import Watching
from supportdesk.desk import Desk
from supportdesk.settings.files import SettingsFiles
from supportdesk.store.location import find_heartbeat
from supportdesk.watcher.hosting import start_watcher
from tests.walker.colleague import TEXTS, Colleague
from tests.walker.world import OPERATOR, World

PLACES = [
    key.keys.split(",")[0]
    for key in KEYS
    if key.scope is Scope.DESK and key.action.startswith(("visit(", "voicemail"))
]
"""The keys that lead to other screens, and to the voicemails above the queue."""
LISTENING = [key.keys.split(",")[0] for key in KEYS if key.scope is Scope.LISTENING]
"""The keys in the dialog of a voicemail."""
QUITS = frozenset({"q", "f10", "ctrl+q"})
COMMON = ("enter", "escape", "tab", "shift+tab", "space", "down", "up", "left", "right", "y", "n", "f2", "f8")
EVERY_KEY = sorted({name for key in KEYS for name in key.keys.split(",")} - QUITS)
SIZES = ((160, 50), (80, 24), (124, 30), (60, 15), (200, 60), (30, 8))
NUMBERS = ("020 7946 0018", "+44 7700 900107", "0", "abc", "+99 999", "089/1234567", "1" * 150)
TYPED = (
    *TEXTS,
    *("CD-4C00-W", "4c00w", "CD-4C", "CD-9999-9", "acme", "Jo", "a", "%", "_", '"', "'", "(", "\\"),
    *(
        "2 h",
        "45m",
        "tomorrow",
        "now",
        "9:15",
        "2026-11-12 9:15",
        "1.1.1",
        "31 Feb",
        "9999-12-31",
        "0001-01-01",
    ),
    *(
        "1900-01-01 00:00",
        "2200-01-01 12:00",
        "25:61",
        "severity:high owner:me",
        "due:<2h",
        "-x or (y",
        "owner:",
    ),
    *("020 7946 0018", "jo@acme.example", "a@@b", "8.4", "KB-1", "critical", "1", "99999999999999999999"),
)
STEPS_OF_A_SITTING = 120
SITTINGS_OF_A_WORLD = 12

DEEPEST_STACK = 12
"""How many screens may lie above each other: the queue, a form, its questions, those of a call, and the palette."""

_ROUNDS = 100
"""How often it is looked whether the program has answered, before walking on all the same."""

Step = Callable[[], Awaitable[None]]


class WalkError(AssertionError):
    """The program ended or the ledger does not hold; the text says after which steps."""


class Walk:
    """A walk that `seed` decides, as far as threads let it."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.steps = 0
        self._random = Random(seed)
        self._last: deque[str] = deque(maxlen=40)
        self._background: list[BaseException] = []

    async def go_on(self, enough: Callable[[], bool]) -> None:
        """Walk until it is `enough`. Raises WalkError."""
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(self._note)
        before, threading.excepthook = threading.excepthook, self._note_thread
        try:
            while not enough():
                with tempfile.TemporaryDirectory(prefix="walk-", ignore_cleanup_errors=True) as folder:
                    world = World(Path(folder))
                    with world.lived_in():
                        await self._live(world, enough)
        finally:
            threading.excepthook = before

    def _note(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        if isinstance(error := context.get("exception"), BaseException):
            self._background.append(error)

    def _note_thread(self, args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            self._background.append(args.exc_value)

    async def _live(self, world: World, enough: Callable[[], bool]) -> None:
        desk = Desk.open(world.address, world.clock)
        colleague = Colleague(desk, self._random, OPERATOR)
        try:
            for number in range(SITTINGS_OF_A_WORLD):
                if enough():
                    return
                world.away = False
                await self._sit(world, colleague, number, enough)
                found = await asyncio.to_thread(world.verify)
                if not found.is_intact:
                    raise WalkError(f"{self._told()}\nThe ledger does not hold: {found}")
        finally:
            world.away = False
            desk.close()

    async def _sit(self, world: World, colleague: Colleague, number: int, enough: Callable[[], bool]) -> None:
        app = self._program(world, number)
        self._show_message(f"--- {type(app).__name__}")
        size = self._random.choice(SIZES)
        try:
            async with app.run_test(size=size, notifications=True) as pilot:
                context = Sitting(self._random, world, colleague, pilot, self._show_message)
                for _ in range(STEPS_OF_A_SITTING):
                    if enough() or not app.is_running or app._exit:
                        break
                    self.steps += 1
                    await context.step()
                app.exit()
                if app._task is not None:
                    await asyncio.wait([app._task])
        except Exception as error:
            screens = ", ".join(
                type(screen).__name__ for screen in app._screen_stacks.get(app.DEFAULT_MODE, ())
            )
            raise WalkError(f"{self._told()}\nThe screens above each other: {screens}") from error
        if self._background:
            raise WalkError(self._told()) from self._background[0]

    def _program(self, world: World, number: int) -> App[Any]:
        kind = (
            "console" if number == 0 else self._random.choice(["console"] * 8 + ["replay", "wall", "set up"])
        )
        if kind == "set up":
            address = str(world.folder / f"own-{number}.db")
            return SetupApp(LocalDeskSetup(CliContext(address, OPERATOR, world.clock)))
        files = SettingsFiles(world.folder / "config.toml", world.folder / "console.toml")
        # A lock that takes any password, or none; a player that ends at once, fails, or goes on until it is stopped.
        lock = '[lock]\nunlock_command = ["true"]\n' if self._random.random() < 0.4 else ""
        player = self._random.choice(('["true"]', '["false"]', '["sh", "-c", "exec sleep 60"]'))
        files.config.write_text(f"{lock}[voicemail]\nplay = {player}\n")
        if kind == "wall":
            options = WallOptions(every=1, summaries=self._random.random() < 0.5)
            return Wall(world.connect, username=OPERATOR, name="desk", options=options, files=files)
        if kind == "replay":
            return Console(world.connect_to_the_past, username=OPERATOR, name="past", files=files)
        place = find_heartbeat(world.address)
        watching = Watching(place, lambda: start_watcher(world.connect, place, interval=1))
        return Console(
            world.connect,
            username=OPERATOR,
            name="desk",
            files=files,
            drafts=world.folder / "drafts",
            watching=watching,
        )

    def _show_message(self, step: str) -> None:
        self._last.append(step)

    def _told(self) -> str:
        return f"seed {self.seed}, step {self.steps}; the last steps:\n" + "\n".join(self._last)


class Sitting:
    """Random steps at one program, until it is left."""

    def __init__(
        self,
        random: Random,
        world: World,
        colleague: Colleague,
        pilot: Pilot[Any],
        show_message: Callable[[str], None],
    ) -> None:
        self._random = random
        self._world = world
        self._colleague = colleague
        self._pilot = pilot
        self._app = pilot.app
        self._show_message = show_message
        self._ways: list[tuple[Step, int]] = [
            (self._press_what_works_here, 40),
            (self._press_any_key, 15),
            (self._press_common_keys, 25),
            (self._type, 10),
            (self._go_back, 6),
            (self._go_elsewhere, 8),
            (self._listen, 5),
            (self._fill_in_the_form, 8),
            (self._choose_from_the_palette, 6),
            (self._paste, 2),
            (self._click, 4),
            (self._ring, 4),
            (self._let_the_colleague_act, 8),
            (self._let_time_go_by, 5),
            (self._lose_or_find_the_database, 2),
            (self._resize, 2),
        ]

    async def step(self) -> None:
        """Take one random step, and let the program answer; mostly all of it, sometimes only a part."""
        ways, weights = zip(*self._ways, strict=True)
        await self._random.choices(ways, weights)[0]()
        if self._random.random() < 0.8:
            await self._answered()
        else:
            await asyncio.sleep(0)
        self._check_the_stack()

    def _check_the_stack(self) -> None:
        names = (
            [type(screen).__name__ for screen in self._app.screen_stack] if self._app._screen_stacks else []
        )
        if len(names) > DEEPEST_STACK:
            raise AssertionError(f"{len(names)} screens lie above each other: {', '.join(names)}")

    async def _answered(self) -> None:
        """Wait until the program has handled what it was sent, as far as it does not wait for a thread."""
        for _ in range(_ROUNDS):
            await asyncio.sleep(0.001)
            pumps = [self._app, *self._app.screen_stack] if self._app._screen_stacks else [self._app]
            if all(pump._message_queue.empty() for pump in pumps if pump.is_running):
                break

    def _press(self, *keys: str) -> None:
        shown = type(self._app.screen).__name__ if self._app._screen_stacks else "-"
        self._show_message(f"{shown}: {' '.join(keys)}")
        for key in keys:
            self._app.post_message(_event(key))

    async def _press_what_works_here(self) -> None:
        keys = [key for key in self._app.screen.active_bindings if key not in QUITS]
        if keys:
            self._press(self._random.choice(keys))
        elif self._random.random() < 0.2:
            self._press("q")

    async def _press_any_key(self) -> None:
        self._press(*self._random.choices(EVERY_KEY, k=self._random.randint(1, 6)))

    async def _press_common_keys(self) -> None:
        self._press(*self._random.choices(COMMON, k=self._random.randint(1, 5)))

    async def _go_back(self) -> None:
        self._press(*["escape"] * self._random.randint(1, 5))

    async def _go_elsewhere(self) -> None:
        """Go to another screen, or to what waits above the queue, from wherever the operator is."""
        await self._return()
        self._press(self._random.choice(PLACES))

    async def _listen(self) -> None:
        """Open what waits above the queue, and press keys in its dialog."""
        await self._return()
        self._press("0", *self._random.choice((("g",), ("G",), ("down",))), "enter")
        for _ in range(self._random.randint(1, 4)):
            await self._answered()
            self._press(self._random.choice(LISTENING))

    async def _return(self) -> None:
        """Go back as far as Escape leads: mostly to the queue."""
        for _ in range(6):
            self._press("escape")
            await self._answered()

    async def _type(self) -> None:
        self._type_text(self._random.choice(TYPED))

    def _type_text(self, text: str) -> None:
        self._show_message(f"type {text[:60]!r}")
        for character in text[:200]:
            key = "enter" if character == "\n" else character
            self._app.post_message(_event(key))

    async def _fill_in_the_form(self) -> None:
        for _ in range(self._random.randint(1, 6)):
            if self._random.random() < 0.6:
                self._type_text(self._random.choice(TYPED))
            self._press(self._random.choice(("tab", "enter", "down", "space", "tab", "tab")))
            await self._answered()
        self._press("f2", *self._random.choice((("y",), ("enter",), ("escape",), ())))

    async def _choose_from_the_palette(self) -> None:
        self._press("ctrl+p")
        await self._answered()
        if self._random.random() < 0.5:
            self._type_text(self._random.choice(("re", "a", "view", "theme", "undo", "zzz", "i")))
            await self._answered()
        self._press(*["down"] * self._random.randint(0, 30))
        await self._answered()
        self._press(self._random.choice(("enter", "enter", "enter", "escape", "f4", "ctrl+p")))

    async def _paste(self) -> None:
        text = self._random.choice(TYPED)
        self._show_message(f"paste {text[:60]!r}")
        self._app.post_message(events.Paste(text))

    async def _click(self) -> None:
        width, height = self._app.size
        at = (self._random.randrange(max(1, width)), self._random.randrange(max(1, height)))
        self._show_message(f"click {at}")
        for kind in (events.MouseDown, events.MouseUp):
            self._app.post_message(kind(None, *at, 0, 0, 1, False, False, False, *at))

    async def _ring(self) -> None:
        number = self._random.choice(NUMBERS)
        self._show_message(f"a call from {number[:30]}")
        if isinstance(self._app, Console):
            self._app.post_message(CallReceived(number))

    async def _let_the_colleague_act(self) -> None:
        self._show_message("the colleague acts")
        await asyncio.to_thread(self._colleague.act)

    async def _let_time_go_by(self) -> None:
        by = timedelta(seconds=self._random.choice((1, 59, 600, 7_200, 40_000, -60)))
        self._show_message(f"{by} go by")
        self._world.clock.set(self._world.clock.now() + by)
        if isinstance(self._app, Console) and self._app.queue_screen is not None:
            self._app.queue_screen.updates.ticker.tick()

    async def _lose_or_find_the_database(self) -> None:
        self._world.away = not self._world.away
        self._show_message("the database is " + ("away" if self._world.away else "back"))

    async def _resize(self) -> None:
        size = self._random.choice(SIZES)
        self._show_message(f"resize to {size}")
        await self._pilot.resize_terminal(*size)


def _event(key: str) -> events.Key:
    if len(key) == 1 and not key.isalnum():
        key = _character_to_key(key)
    character: str | None = None
    with contextlib.suppress(KeyError):
        character = unicodedata.lookup(_get_unicode_name_from_key(REPLACED_KEYS.get(key, key)))
    return events.Key(key, character or (key if len(key) == 1 else None))
