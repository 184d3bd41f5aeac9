"""The connection from a softphone to a console: only numbers from its own user arrive, and nothing can break it."""

from __future__ import annotations

import os
import socket
import stat
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from supportdesk.console.calls import softphone
from supportdesk.console.calls.softphone import LONGEST, Listener, notify_consoles


class Heard:
    """Records the numbers that a listener has received."""

    def __init__(self) -> None:
        self.numbers: list[str] = []
        self.came = threading.Event()

    def __call__(self, number: str) -> None:
        self.numbers.append(number)
        self.came.set()


@pytest.fixture
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a short name: a socket's path has little room."""
    return tmp_path_factory.mktemp("p") / "calls"


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest.fixture
def listener(place: Path, heard: Heard) -> Iterator[Listener]:
    listening = Listener([place], heard)
    yield listening
    listening.close()


def sockets(place: Path) -> list[Path]:
    return list(place.glob("*.sock"))


@pytest.mark.usefixtures("listener")
def test_a_reported_call_reaches_the_console(place: Path, heard: Heard) -> None:
    assert notify_consoles("020 7946 0018", [place]) == 1
    assert heard.numbers == ["020 7946 0018"]


@pytest.mark.usefixtures("listener")
def test_every_console_of_the_user_receives_the_call(place: Path, heard: Heard) -> None:
    second = Heard()
    other = Listener([place], second)
    assert notify_consoles("020 7946 0018", [place]) == 2
    assert heard.numbers == second.numbers
    other.close()
    assert notify_consoles("020 7946 0018", [place]) == 1


def test_without_a_console_nobody_receives_the_call(place: Path) -> None:
    assert notify_consoles("020 7946 0018", [place, place / "nowhere"]) == 0


def test_the_socket_of_a_killed_console_is_removed(place: Path) -> None:
    place.mkdir(mode=0o700)
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(place / "1-dead.sock"))
    assert notify_consoles("020 7946 0018", [place]) == 0
    assert sockets(place) == []


def test_a_console_that_quits_removes_its_socket(place: Path, heard: Heard) -> None:
    Listener([place], heard).close()
    assert sockets(place) == []


@pytest.mark.usefixtures("listener")
def test_only_its_user_can_use_the_socket(place: Path) -> None:
    (path,) = sockets(place)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(place.stat().st_mode) == 0o700


def test_a_folder_that_others_can_read_is_never_used(place: Path, heard: Heard) -> None:
    place.mkdir()
    place.chmod(0o755)
    with pytest.raises(OSError, match="other users can access"):
        Listener([place], heard)
    safe = place.parent / "safe"
    Listener([place, safe], heard).close()
    (place / "1-planted.sock").write_text("")
    assert notify_consoles("020 7946 0018", [place]) == 0
    assert sockets(place), "nothing of it is touched"


def test_if_a_path_is_too_long_for_a_socket_the_next_folder_is_used(place: Path, heard: Heard) -> None:
    long = place.parent / ("x" * 120)
    listening = Listener([long, place], heard)
    assert len(sockets(place)) == 1
    listening.close()


@pytest.mark.usefixtures("listener")
@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"\n" * 1000,
        b"x" * (LONGEST + 1) + b"\n",
        b"\xff\xfe\xfd\n",
        b"two\nlines\n",
        b"A" * 5_000_000,
        os.urandom(4096),
    ],
    ids=["nothing", "line ends", "too long", "no text", "two lines", "endless", "noise"],
)
def test_other_data_on_the_socket_is_ignored_and_the_next_call_arrives(
    place: Path, heard: Heard, said: bytes
) -> None:
    (path,) = sockets(place)
    with socket.socket(socket.AF_UNIX) as line:
        line.connect(str(path))
        try:
            line.sendall(said)
            line.shutdown(socket.SHUT_WR)
            assert line.recv(100) == b""
        except OSError:
            pass
    assert notify_consoles("020 7946 0018", [place]) == 1
    assert heard.numbers == ["020 7946 0018"]


@pytest.mark.usefixtures("listener")
def test_a_silent_connection_is_dropped_after_a_while(place: Path, heard: Heard) -> None:
    (path,) = sockets(place)
    with socket.socket(socket.AF_UNIX) as silent:
        silent.connect(str(path))
        assert notify_consoles("020 7946 0018", [place]) == 1


def test_a_softphone_and_a_shell_with_different_environments_use_the_same_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_STATE_HOME", raising=False)
    runtime = tmp_path / "runtime"
    runtime.mkdir(mode=0o700)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(runtime))
    graphical = softphone.socket_folders()
    assert graphical[0] == runtime / "supportdesk"
    monkeypatch.delenv("XDG_RUNTIME_DIR")
    assert softphone.socket_folders()[-2:] == graphical[-2:]
    runtime.chmod(0o755)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(runtime))
    assert runtime / "supportdesk" not in softphone.socket_folders()
