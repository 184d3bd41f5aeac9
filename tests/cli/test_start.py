"""What the command line imports, and when."""

import subprocess
import sys

import pytest

from tests.cli.prompt import TREE, Prompt

pytestmark = pytest.mark.slow

HEAVY = {"sqlalchemy", "alembic", "textual", "rich", "holidays", "dateutil", "rapidfuzz", "stdnum"}

LOADED = """
import sys
from supportdesk.cli.root import root
try:
    root.main(sys.argv[1:])
except SystemExit as left:
    assert left.code == 0, left.code
print(*sorted({name.partition(".")[0] for name in sys.modules}), file=sys.stderr)
"""


def loaded_by(*arguments: str) -> set[str]:
    """The top-level packages that a call has imported when it ends."""
    line = [sys.executable, "-c", LOADED, *arguments]
    ran = subprocess.run(line, cwd=TREE, check=True, text=True, capture_output=True)
    return set(ran.stderr.splitlines()[-1].split())


@pytest.mark.parametrize(
    "arguments", [["--help"], ["queue", "--help"], ["claim", "--help"], ["log", "--help"]]
)
def test_help_waits_for_no_database_and_no_console(arguments: list[str]) -> None:
    assert not loaded_by(*arguments) & HEAVY


def test_the_version_asks_for_no_library_what_it_is() -> None:
    assert not loaded_by("--version") & (HEAVY | {"msgspec", "zoneinfo"})


OPENED = """
import sys
from datetime import datetime
from supportdesk.cli.root import root
from supportdesk.clock import FixedClock
from supportdesk.cli import console
from supportdesk.console import app

console.require_terminal = lambda: None

def run(opened):
    before = {name.partition(".")[0] for name in sys.modules}
    desk = opened._connect()
    tickets = len(desk.queue().rows)
    desk.close()
    shown = opened._username, opened._desk_name, tickets, opened._open_first
    print(*sorted(before & {"sqlalchemy", "alembic", "holidays"}), *shown)
    return 5

app.run = run
root.main(sys.argv[1:], obj=FixedClock(datetime.fromisoformat("2026-11-24T10:00Z")))
"""


@pytest.mark.parametrize(
    ("line", "begins_at"),
    [([], ""), (["replay", "--from", "2026-11-24T09:50Z"], ""), (["open", "cd 4c00 w"], "CD-4C00-W")],
    ids=["the console", "a replay", "at a ticket"],
)
def test_the_database_is_imported_only_when_the_console_asks_for_it(
    ann: Prompt, line: list[str], begins_at: str
) -> None:
    ann.log()
    started = [sys.executable, "-c", OPENED, "--db", ann.address, "--as", "ann", *line]
    ran = subprocess.run(started, cwd=TREE, check=False, text=True, capture_output=True)
    assert (ran.stdout, ran.returncode) == (f"ann {ann.desk_name} 1 {begins_at}\n", 5)


ENDED = """
import atexit, gc, sys
from supportdesk.cli import main

sys.argv = ["supportdesk", "--db", *sys.argv[1:]]
atexit.register(lambda: print(gc.get_freeze_count(), len(gc.get_objects()), file=sys.stderr))
main()
"""


def test_a_call_ends_without_a_last_search_of_all_its_objects(ann: Prompt) -> None:
    line = [sys.executable, "-c", ENDED, ann.address, "queue"]
    ran = subprocess.run(line, cwd=TREE, check=True, text=True, capture_output=True)
    frozen, searched = map(int, ran.stderr.split())
    assert searched < frozen / 10
