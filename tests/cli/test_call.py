"""`supportdesk call`: what a softphone runs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from supportdesk.console.calls import softphone
from supportdesk.console.calls.softphone import Listener
from supportdesk.tickets import telephone
from tests.cli.prompt import call, call_in_a_shell


@pytest.fixture(autouse=True)
def places(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Keep tests away from the console of the user who runs them."""
    found = [tmp_path_factory.mktemp("p") / "calls"]
    monkeypatch.setattr(softphone, "socket_folders", lambda: found)
    return found


@pytest.mark.parametrize(
    "number",
    [
        "020 7946 0018",
        "+442079460018",
        "sip:+442079460018@pbx.example",
        '"Maria" <sip:+442079460018@pbx.example>',
        "<tel:+44-20-7946-0018;ext=12>",
        "sip:%2B442079460018@pbx.example",
        "\u202a+44 20 7946 0018\u202c",
        "anonymous",
        '"Anonymous" <sip:anonymous@anonymous.invalid>',
    ],
)
def test_a_call_is_offered_in_the_console_that_runs(places: list[Path], number: str) -> None:
    heard: list[str] = []
    listening = Listener(places, heard.append)
    answer = call("call", number)
    listening.close()
    assert (answer.code, answer.out) == (0, "Shown in your console.\n")
    assert len(heard) == 1


def test_all_consoles_of_the_user_are_notified(places: list[Path]) -> None:
    listening = [Listener(places, lambda number: None) for _ in range(2)]
    assert call("call", "020 7946 0018").out == "Shown in 2 of your consoles.\n"
    for each in listening:
        each.close()


def test_where_no_console_runs_it_is_said_how_to_start_one() -> None:
    answer = call("call", "020 7946 0018")
    assert answer.code == 1
    assert "start one with `supportdesk`" in answer.err


@pytest.mark.parametrize("text", ["somebody", "12", "", "\x1b[2J", "1" * 30])
def test_what_is_no_number_is_refused(text: str) -> None:
    answer = call("call", text)
    assert answer.code == 2
    assert "is not a telephone number" in answer.err
    assert "\x1b" not in answer.err


def test_it_needs_no_desk_and_is_quick_to_start(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    answer = call_in_a_shell(
        "call", "020 7946 0018", HOME=str(tmp_path), XDG_RUNTIME_DIR=str(tmp_path), TMPDIR=str(tmp_path)
    )
    assert answer.code == 1
    assert "start one with `supportdesk`" in answer.err
    modules = f"sys, supportdesk.cli.commands.call, {softphone.__name__}, {telephone.__name__}"
    loaded = f"import {modules}; print(*sys.modules)"
    ran = subprocess.run([sys.executable, "-c", loaded], check=True, text=True, capture_output=True)
    assert not {"sqlalchemy", "textual", "phonenumbers"} & set(ran.stdout.split())


def test_the_name_beside_a_number_reaches_the_console(places: list[Path]) -> None:
    heard: list[str] = []
    listening = Listener(places, heard.append)
    call("call", '"Pat Jones" <tel:+442079460018>')
    listening.close()
    assert heard == ['"Pat Jones" <+442079460018>']


def test_a_desk_that_is_named_and_missing_is_reported(places: list[Path], tmp_path: Path) -> None:
    heard: list[str] = []
    listening = Listener(places, heard.append)
    answer = call("--db", str(tmp_path / "no.db"), "call", "020 7946 0018")
    listening.close()
    assert answer.code == 1
    assert f"There is no desk at {tmp_path / 'no.db'}" in answer.err
    assert heard == []
