"""An error that nothing handles tells nobody's words, wherever it happens and however Python is started."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.prompt import TREE

SECRET = "Jo Park, +44 20 7946 0018"

SCRIPT = """
import sys, threading
from supportdesk import cli
from supportdesk.cli import root

class Fragile:
    def __init__(self, words):
        self.words = words

    def __del__(self):
        raise LookupError(f"finaliser {self.words}")

def fail(words):
    raise ZeroDivisionError(f"thread {words}")

def run():
    words = sys.argv[1]
    thread = threading.Thread(target=fail, args=(words,))
    thread.start()
    thread.join()
    Fragile(words)
    raise ArithmeticError(f"main {words}")

root.root = run
cli.main()
"""


@pytest.mark.parametrize("options", [(), ("-X", "dev")], ids=["plain", "developing"])
def test_what_nothing_handles_goes_to_the_crash_log_without_a_word_of_anybody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: tuple[str, ...]
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.setenv("PYTHONFAULTHANDLER", "1")
    command = [sys.executable, *options, "-c", SCRIPT, SECRET]
    ran = subprocess.run(command, cwd=TREE, check=False, text=True, capture_output=True)
    log = (tmp_path / "supportdesk" / "crash.log").read_text()
    assert ran.returncode == 1
    assert [name for name in ("ZeroDivision", "Lookup", "Arithmetic") if f"builtins.{name}Error" in log] == [
        "ZeroDivision",
        "Lookup",
        "Arithmetic",
    ]
    assert SECRET not in ran.stdout + ran.stderr + log
    said = ran.stderr.splitlines()
    assert [line.partition(". ")[0] for line in said] == [
        "Error: supportdesk stopped: ZeroDivisionError",
        "Error: supportdesk stopped: ArithmeticError",
    ]
