"""From nothing to the queue, and to the first colleague in the directory, in a real terminal of the least size."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.terminal.conftest import PROGRAM
from tests.terminal.tmux import terminal


@pytest.fixture
def home(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """A home in which there is no desk, and none is named."""
    for name in ("SUPPORTDESK_DB", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)
    return {name: value for name, value in environment.items() if name != "SUPPORTDESK_DB"}


def test_without_a_desk_one_is_made_and_used_with_the_keyboard_alone(home: dict[str, str]) -> None:
    file = Path(home["HOME"]) / ".local/share/supportdesk/desk.db"
    with terminal(PROGRAM, width=80, height=24, environment=home) as screen:
        screen.wait_for("Welcome to supportdesk", "A new desk")
        screen.press("Enter")
        screen.wait_for("1 of 2")
        assert not file.exists()
        screen.press("F2")
        screen.wait_for("2 of 2")
        screen.type("Acme Ltd")
        screen.press("F2")
        screen.wait_for("Your desk is ready", "Rota")
        screen.press("Enter")
        screen.wait_for("CRITICAL", "There are no open tickets")
        screen.press("D")
        screen.wait_for("People 1", "Customers 1", "supervisor, administrator")
        screen.press("n")
        screen.wait_for("New member of staff")
        screen.type("priya")
        screen.press("Tab")
        screen.type("Priya Nair")
        screen.press("F2")
        screen.wait_for("choose one: the team they belong to")
        screen.press("Down", "F2")
        screen.wait_for("People 2", "Priya Nair")
        screen.press("Escape")
        screen.wait_for("There are no open tickets")
        screen.press("q")
        screen.wait_for_end()
    assert file.stat().st_mode & 0o777 == 0o600
    assert not [each.name for each in file.parent.iterdir() if each.name.endswith(".new")]


def test_leaving_the_set_up_leaves_nothing_behind(home: dict[str, str]) -> None:
    with terminal(PROGRAM, width=80, height=24, environment=home) as screen:
        screen.wait_for("Welcome to supportdesk")
        screen.press("Enter")
        screen.wait_for("1 of 2")
        screen.press("Escape")
        screen.wait_for("Welcome to supportdesk")
        screen.press("Escape")
        screen.wait_for_end()
    assert not (Path(home["HOME"]) / ".local/share/supportdesk").exists()
