"""A console of the older version beside programs of a newer one, as real processes at one desk."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest

from supportdesk.store.database import create_database
from tests.patience import NeverCameError
from tests.store.newer_program import newer_program
from tests.terminal.conftest import Command, Console
from tests.terminal.tmux import Terminal

NOTICE = "A newer version is in use at this desk"
AGAIN = "quit and start supportdesk again"
FORM = "Write an internal note"
REF = re.compile("CD-[0-9A-Z]{4,}-[0-9A-Z]")


@contextmanager
def newer_writer(file: str, ref: str) -> Iterator[subprocess.Popen[str]]:
    """A process of the newer program, which has upgraded the desk."""
    command = [sys.executable, "-m", "tests.store.newer_program", file, ref]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            assert process.stdout.readline() == "ready\n"
            yield process
        finally:
            process.stdin.close()


def write_once(process: subprocess.Popen[str]) -> None:
    """Have the newer program write a round."""
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write("\n")
    process.stdin.flush()
    assert process.stdout.readline().startswith("written")


def current(screen: str) -> str | None:
    """The ticket under the cursor, once the pane beside the queue shows it too."""
    halves = [line.partition("│") for line in screen.splitlines()]
    chosen = next((REF.search(queue) for queue, _, _ in halves if "▌" in queue), None)
    beside = next(filter(None, (REF.search(pane) for _, _, pane in halves)), None)
    return chosen[0] if chosen and beside and chosen[0] == beside[0] else None


def press_until(screen: Terminal, key: str, find: Callable[[str], object]) -> None:
    """Press a key again until what it does is seen: a message is shown for some seconds only."""
    while True:
        screen.press(key)
        with suppress(NeverCameError):
            screen.wait_until(find, f"pressed {key}", limit=5)
            return


def add_note(screen: Terminal, said: str) -> None:
    """Type a note in its form, without sending it."""
    screen.press("i")
    screen.wait_for(FORM)
    screen.type(said)
    screen.wait_for(said)


@pytest.mark.long
@pytest.mark.usefixtures("database_kind")
def test_an_older_console_goes_on_until_what_it_needs_is_taken_away(
    desk: Command, console: Console, environment: dict[str, str]
) -> None:
    file = environment["SUPPORTDESK_DB"]
    with console() as screen:
        screen.wait_for_line("▌", "CD-")
        praised = screen.wait_until(current, "a ticket under the cursor")
        with newer_writer(file, praised) as writer:
            write_once(writer)
            screen.wait_for(NOTICE, "an event of a newer version")
            press_until(screen, "i", lambda shown: AGAIN in shown)
            # A key that may have been meant for the form is ignored.
            press_until(screen, "j", lambda shown: current(shown) not in (None, praised))
            write_once(writer)
            screen.wait_for("note: newer 1")
            add_note(screen, "Written beside a newer version.")
            screen.press("F2")
            screen.wait_for("note: Written beside", without=FORM)
        assert "newer version of supportdesk has upgraded this desk" in desk("doctor", check=False)
        assert "Not checked, as a newer version upgraded this desk to schema 0016" in desk("verify")
        add_note(screen, "They rang from the train.")
        with newer_program(contracts=True), closing(create_database(file)):
            pass
        screen.press("F2")
        screen.wait_for(AGAIN, "They rang from the train.")
    drafts = [each.read_text() for each in Path(environment["HOME"]).rglob("*.json")]
    assert any("They rang from the train." in each for each in drafts)
