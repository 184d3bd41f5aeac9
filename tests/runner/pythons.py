"""Other versions of Python on this machine, each of which runs the tests in an environment of its own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from tests.runner import TREE

OLDEST = (3, 11)

NEEDED = "bz2, ctypes, lzma, sqlite3, ssl, venv, zlib"
"""Modules of the standard library that an interpreter may have been built without, and that the tests need."""

Version = tuple[int, int]


class OtherPython(NamedTuple):
    """An interpreter; `missing` says why it cannot run the tests, and is empty where it can."""

    path: Path
    missing: str


class NoEnvironmentError(Exception):
    """No environment could be made with an interpreter; the text says why."""


def other_pythons() -> dict[Version, OtherPython]:
    """Return an interpreter for each version from 3.11 on except the running one.

    It is one that can run the tests, if there is one.
    """
    found: dict[Version, OtherPython] = {}
    for path in _candidates():
        version = _version_of(path)
        if version is None or version < OLDEST or version == sys.version_info[:2]:
            continue
        if version not in found or found[version].missing:
            found[version] = OtherPython(path, _last_line(_run([path, "-c", f"import {NEEDED}"])))
    return dict(sorted(found.items()))


@contextmanager
def environment_of(python: Path) -> Iterator[Path]:
    """Install the tree in a new environment of this Python; yield its interpreter. It is removed afterwards.

    Raises NoEnvironmentError where there can be none.
    """
    with tempfile.TemporaryDirectory(prefix="python-", ignore_cleanup_errors=True) as folder:
        inside = Path(folder) / "bin" / "python"
        pip = [sys.executable, "-m", "pip", "--python", str(inside), "install", "--quiet"]
        for step in (
            [str(python), "-m", "venv", "--without-pip", folder],
            [*pip, "--constraint", "constraints.txt", "--editable", ".[dev]"],
        ):
            if trouble := _last_line(_run(step)):
                raise NoEnvironmentError(trouble)
        yield inside


def _candidates() -> Iterator[Path]:
    """Yield each `python3.X` on the path, and the interpreters of pyenv."""
    for folder in os.get_exec_path():
        yield from sorted(
            path for path in Path(folder).glob("python3.*") if re.fullmatch(r"python3\.\d+", path.name)
        )
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    yield from sorted(pyenv.glob("versions/*/bin/python3"))


def _version_of(path: Path) -> Version | None:
    """Return the version of an interpreter; None where it does not start, as pyenv's shim for an unselected one."""
    ran = _run([path, "-c", "import sys; print(*sys.version_info[:2])"])
    numbers = ran.stdout.split()
    return (int(numbers[0]), int(numbers[1])) if ran.returncode == 0 and len(numbers) == 2 else None


def _last_line(ran: subprocess.CompletedProcess[str]) -> str:
    """Return the last line that a program printed if it failed, else nothing."""
    if ran.returncode == 0:
        return ""
    return (ran.stdout.strip().splitlines() or [f"exit code {ran.returncode}"])[-1]


def _run(command: Sequence[str | Path]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=TREE,
        check=False,
        text=True,
        errors="replace",
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
