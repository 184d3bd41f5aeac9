"""A user's program gets a private file, and is ended with what it began; nothing is left behind."""

from __future__ import annotations

import ast
import sys
import threading
from pathlib import Path

import pytest

from supportdesk.access.file_program import FileProgram, FileProgramError

REPORT = """
import os, sys, time
path = sys.argv[-1]
try:
    os.open("/dev/tty", os.O_RDWR)
    terminal = True
except OSError:
    terminal = False
seen = [path, os.stat(path).st_mode & 0o777, open(path, "rb").read(), len(sys.argv), os.read(0, 1), terminal]
open({report!r} + ".new", "w").write(repr(seen))
os.rename({report!r} + ".new", {report!r})
print("this would be on the screen", flush=True)
{more}
"""


def program(folder: Path, more: str = "", extension: str = "pdf", **how: float) -> FileProgram:
    """A program that reports what it is given, and then does `more`."""
    code = REPORT.format(report=str(folder / "report"), more=more)
    return FileProgram((sys.executable, "-c", code), b"%PDF", prefix="file-", extension=extension, **how)


def report(folder: Path) -> list[object]:
    found = ast.literal_eval((folder / "report").read_text())
    assert isinstance(found, list)
    return found


def begun(folder: Path, running: FileProgram) -> threading.Thread:
    """Run a program on a thread until it has reported."""
    thread = threading.Thread(target=running.run)
    thread.start()
    while not (folder / "report").exists():
        thread.join(0.02)
        assert thread.is_alive()
    return thread


def test_it_has_a_private_file_as_its_last_argument_and_neither_input_nor_terminal(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    program(tmp_path).run()
    path, mode, content, arguments, read, has_terminal = report(tmp_path)
    assert (mode, content, arguments, read, has_terminal) == (0o600, b"%PDF", 2, b"", False)
    assert str(path).endswith(".pdf")
    assert not Path(str(path)).exists()
    assert capfd.readouterr() == ("", "")


def test_no_shell_reads_its_arguments(tmp_path: Path) -> None:
    code = f"import sys; open({str(tmp_path / 'report')!r}, 'w').write(repr(sys.argv[1:-1]))"
    arguments = ("$(touch x)", "; rm -rf ~", "a b")
    FileProgram((sys.executable, "-c", code, *arguments), b"", prefix="file-").run()
    assert report(tmp_path) == list(arguments)


def test_stopping_ends_it_and_removes_the_file(tmp_path: Path) -> None:
    running = program(tmp_path, "time.sleep(60)")
    thread = begun(tmp_path, running)
    running.stop()
    thread.join(20)
    assert not thread.is_alive()
    assert not Path(str(report(tmp_path)[0])).exists()


def test_what_is_stopped_before_it_began_does_not_begin(tmp_path: Path) -> None:
    running = program(tmp_path)
    running.stop()
    running.run()
    assert not (tmp_path / "report").exists()


def test_a_file_is_there_for_a_while_after_a_program_that_hands_it_on(tmp_path: Path) -> None:
    running = program(tmp_path, linger=60)
    thread = begun(tmp_path, running)
    thread.join(0.2)
    path = Path(str(report(tmp_path)[0]))
    assert thread.is_alive()
    assert path.exists()
    running.stop()
    thread.join(20)
    assert not path.exists()


def test_one_that_fails_leaves_no_file_and_says_why(tmp_path: Path) -> None:
    running = program(tmp_path, "sys.exit('\\x1b[2Jno such format.')", linger=60)
    with pytest.raises(FileProgramError, match=r"^python\S* ended with exit code 1: no such format\.$"):
        running.run()
    assert not Path(str(report(tmp_path)[0])).exists()


def test_one_that_cannot_be_run_is_named_with_the_reason() -> None:
    running = FileProgram(("/nowhere/viewer",), b"", prefix="file-")
    assert running.try_run() == "viewer cannot be run: No such file or directory."


@pytest.mark.parametrize("extension", ["../x", "pdf/../..", "\x00", "é", ""])
def test_an_extension_is_no_part_of_a_path(extension: str, tmp_path: Path) -> None:
    program(tmp_path, extension=extension).run()
    assert "." not in Path(str(report(tmp_path)[0])).name
