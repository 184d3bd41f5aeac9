"""The terminal that the other tests look at shows what it is given."""

import sys

import pytest

from tests.patience import NeverCameError
from tests.terminal.tmux import terminal

ECHO = [sys.executable, "-c", "print('ready'); print(input())"]


def test_a_terminal_shows_what_is_typed_and_knows_when_the_program_left() -> None:
    with terminal(ECHO, width=80, height=24) as screen:
        screen.wait_for("ready")
        assert not screen.has_ended
        screen.type("hello [/oops]")
        screen.press("Enter")
        screen.wait_for("hello [/oops]\nhello [/oops]")
        screen.wait_for_end()
        assert screen.has_ended


def test_waiting_for_what_never_comes_shows_the_screen() -> None:
    with terminal(ECHO, width=80, height=24) as screen:
        screen.wait_for("ready")
        with pytest.raises(NeverCameError, match="ready"):
            screen.wait_for("never", limit=0.1)
