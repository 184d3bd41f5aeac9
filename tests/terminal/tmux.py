"""A real terminal to run the program in: tmux, on a server of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TypeVar

from tests.patience import LAST_RESORT, NeverCameError, wait_for

MISSING = shutil.which("tmux") is None


T = TypeVar("T")


class Terminal:
    """One terminal with one program in it, of `width` by `height` cells."""

    def __init__(self, server: str, name: str) -> None:
        self._server = server
        self._name = name

    def press(self, *keys: str) -> None:
        """Presses keys, named as tmux names them: `j`, `Enter`, `Escape`, `F1`."""
        self._tmux("send-keys", "-t", self._name, *keys)

    def type(self, text: str) -> None:
        """Types a text letter by letter."""
        self._tmux("send-keys", "-t", self._name, "-l", text)

    def resize(self, width: int, height: int) -> None:
        """Makes the terminal another size."""
        self._tmux("resize-window", "-t", self._name, "-x", str(width), "-y", str(height))

    def screen(self) -> str:
        """What is on the screen, as plain text."""
        return self._tmux("capture-pane", "-p", "-t", self._name)

    def painted(self) -> str:
        """What is on the screen, with the escape sequences of its colours and weights."""
        return self._tmux("capture-pane", "-e", "-p", "-t", self._name)

    def wait_for(self, *texts: str, without: str = "", limit: float = LAST_RESORT) -> str:
        """Wait until all the texts are on the screen, and `without` is not; return the screen.

        Raises NeverCameError after `limit` seconds, or when the program has ended.
        """

        def found(screen: str) -> str | None:
            shown = all(text in screen for text in texts) and not (without and without in screen)
            return screen if shown else None

        return self.wait_until(found, f"waited for {texts}, without {without!r}", limit)

    def wait_for_line(self, *texts: str) -> str:
        """Wait until one line holds all the texts; return the line. Raises as `wait_for` does."""

        def found(screen: str) -> str | None:
            lines = screen.splitlines()
            return next((line for line in lines if all(text in line for text in texts)), None)

        return self.wait_until(found, f"waited for a line with {texts}")

    def wait_until(self, find: Callable[[str], T | None], wanted: str, limit: float = LAST_RESORT) -> T:
        """Wait until `find` finds something on the screen; return that. Raises as `wait_for` does."""

        def look() -> T | None:
            ended, screen = self._state()
            found = find(screen)
            if ended and not found:
                raise NeverCameError(f"the program ended: {self._tell(wanted)}")
            return found

        return wait_for(look, lambda: self._tell(wanted), limit)

    def _state(self) -> tuple[bool, str]:
        """Return whether the program has ended, and the screen."""
        # In this order: what the program says last of all is on the screen when it has ended.
        ended = ("display-message", "-p", "-t", self._name, "#{pane_dead}")
        told = self._tmux(*ended, ";", "capture-pane", "-p", "-t", self._name)
        first, _, screen = told.partition("\n")
        return first == "1", screen

    def _tell(self, wanted: str) -> str:
        return f"{wanted}, and saw:\n{self.screen()}"

    def close(self) -> None:
        """Hang up, as somebody does who closes the window."""
        self._tmux("respawn-pane", "-k", "-t", self._name, "sleep infinity")

    @property
    def title(self) -> str:
        """The title that the program gave the terminal."""
        return self.ask("#{pane_title}")

    def ask(self, format_string: str) -> str:
        """What tmux knows of the terminal, in one of its formats."""
        return self._tmux("display-message", "-p", "-t", self._name, format_string).strip()

    def wait_for_end(self) -> None:
        """Wait until the program has left. Raises as `wait_for` does."""
        wait_for(lambda: self.has_ended, lambda: self._tell("waited for the program's end"))

    @property
    def has_ended(self) -> bool:
        """Whether the program has left."""
        return self._tmux("display-message", "-p", "-t", self._name, "#{pane_dead}").strip() == "1"

    @property
    def process(self) -> int:
        """The number of the program's process."""
        return int(self._tmux("display-message", "-p", "-t", self._name, "#{pane_pid}"))

    def _tmux(self, *arguments: str) -> str:
        return tmux(self._server, *arguments)


def tmux(server: str, *arguments: str) -> str:
    """Asks a tmux server; what it answers."""
    command = ["tmux", "-L", server, "-f", os.devnull, *arguments]
    # The size is the terminal's; test runners export one of their own.
    environment = {name: value for name, value in os.environ.items() if name not in {"COLUMNS", "LINES"}}
    return subprocess.run(command, check=True, text=True, stdout=subprocess.PIPE, env=environment).stdout


@contextmanager
def terminal(
    command: list[str], *, width: int = 160, height: int = 50, environment: Mapping[str, str] | None = None
) -> Iterator[Terminal]:
    """A terminal that runs a command; both are gone afterwards."""
    server = f"supportdesk-{uuid.uuid4().hex[:12]}"
    settings = {"PYTHONUTF8": "1", "COLORTERM": "truecolor", **(environment or {})}
    given = [part for name, value in settings.items() for part in ("-e", f"{name}={value}")]
    size = ["-x", str(width), "-y", str(height)]
    tmux(server, "new-session", "-d", "-s", "desk", *size, *given, "sleep infinity")
    try:
        tmux(server, "set-option", "-g", "remain-on-exit", "on")
        tmux(server, "respawn-pane", "-k", "-t", "desk", *given, *command)
        yield Terminal(server, "desk")
    finally:
        tmux(server, "kill-server")
