"""Runs the program for a mail server that delivers through a pipe.

A mail server never starts a program as root, and the user as whom it does may not be able to read the tree in which the
tests run. So the server starts a script that passes on what it was given: the message, the arguments and the
environment. The program gets just that; what it says and its exit code are the script's.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.patience import BREATH

TREE = Path(__file__).resolve().parents[3]

_SCRIPT = """\
#!/bin/sh
call=$(mktemp -d {folder}/XXXXXX) || exit 75
cat > "$call/message"
printf '%s\\0' "$@" > "$call/arguments"
env -0 > "$call/environment"
mv "$call" "$call.ready"
until [ -e "$call.ready/code" ]; do sleep 0.05; done
cat "$call.ready/output"
exit "$(cat "$call.ready/code")"
"""


@contextmanager
def pipe_door(variables: Mapping[str, str]) -> Iterator[Path]:
    """The path of the script, which works until the block ends; `variables` are added to each environment."""
    # Any user may enter it, unlike the folder of a test.
    folder = Path(tempfile.mkdtemp(prefix="supportdesk-door-"))
    folder.chmod(0o755)
    calls = folder / "calls"
    calls.mkdir()
    calls.chmod(0o777)
    script = folder / "supportdesk"
    script.write_text(_SCRIPT.format(folder=calls))
    script.chmod(0o755)
    stopped = threading.Event()

    def serve() -> None:
        while not stopped.wait(BREATH):
            for call in calls.glob("*.ready"):
                if not (call / "code").exists():
                    _run(call, variables)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield script
    finally:
        stopped.set()
        thread.join()
        shutil.rmtree(folder)


def _run(call: Path, variables: Mapping[str, str]) -> None:
    arguments = _read(call / "arguments")
    environment = dict(each.split("=", 1) for each in _read(call / "environment"))
    with (call / "message").open("rb") as message:
        ran = subprocess.run(
            [sys.executable, "-m", "supportdesk", *arguments],
            cwd=TREE,
            env={**environment, **variables},
            stdin=message,
            capture_output=True,
            check=False,
        )
    (call / "output").write_bytes(ran.stdout + ran.stderr)
    written = call / "code.new"
    written.write_text(str(ran.returncode))
    written.replace(call / "code")


def _read(path: Path) -> list[str]:
    return path.read_text().split("\0")[:-1]
