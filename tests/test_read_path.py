"""What is imported to read a desk, and what only for its first command."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.databases import POSTGRES, address_at, chosen_kind
from tests.store.desks import furnished_desk, logged

pytestmark = pytest.mark.slow

WRITE_PATH = (
    "alembic",
    "supportdesk.desk.commands",
    "supportdesk.store.command_handler",
    "supportdesk.store.migrations",
    "supportdesk.store.record_handler",
    "supportdesk.store.unit_of_work",
    "supportdesk.tickets.command",
    "supportdesk.tickets.decide",
    "supportdesk.tickets.decision_context",
    "supportdesk.tickets.process",
    "supportdesk.tickets.records.commands",
    "supportdesk.tickets.records.rules",
)
UNREAD = (
    "holidays",
    "phonenumbers",
    "rapidfuzz",
    "supportdesk.sla.explain",
    "supportdesk.store.search",
    "supportdesk.tickets.addresses",
    "supportdesk.tickets.day_grammar",
    "supportdesk.tickets.durations",
    "supportdesk.tickets.time_input",
)
"""What only some queries and searches need."""
UNWRITTEN = (
    *("difflib", "supportdesk.sla.policy_checks", "supportdesk.sla.policy_file", "supportdesk.toml_file"),
    *("supportdesk.tickets.mail_address", "supportdesk.tickets.telephone"),
)
"""What only some commands need: a new policy, contact details, a name that is unknown."""
FORMS = (
    "supportdesk.console.board.screen",
    "supportdesk.console.calls.screen",
    "supportdesk.console.commands.form_registry",
    "supportdesk.console.directory.screen",
    "supportdesk.console.forms.form",
)
SHOWN_LATER = (
    "supportdesk.console.calls.incoming",
    "supportdesk.console.inbox.model",
    "supportdesk.console.lock.screen",
    "supportdesk.console.widgets.notice_bar",
    "supportdesk.console.widgets.overdue_bar",
)
"""What shows calls, notices and the lock, once there is one to show."""
MAIL = ("icalendar", "jinja2", "nh3", "supportdesk.intake.mail")
"""What only reading and writing mail needs."""
MIGRATIONS = ("alembic", "supportdesk.store.migrations")

READ = """
import sys
from supportdesk.desk import Desk

desk = Desk.open(sys.argv[1])
[row] = desk.queue().rows
desk.changes(0), desk.ticket(row.ref), desk.roster(), desk.person("ann")
print(*sys.modules)
desk.commands
desk.close()
print(*sys.modules)
"""


SHOW = """
import atexit, os, sys
from supportdesk.cli import main

printed, sys.stdout = sys.stdout, open(os.devnull, "w")
atexit.register(lambda: print(*sys.modules, file=printed))
main()
"""

UNCOMPLETED = (
    *("difflib", "json", "rich", "shutil", "sqlalchemy", "textual"),
    *("supportdesk.desk", "supportdesk.tickets.decide", "supportdesk.tickets.records"),
)
"""What no completion of a reference or of a command's name needs."""
ARGUMENTS = ("msgspec", "zoneinfo", "supportdesk.cli.commands", "supportdesk.tickets.command")
"""What only the completion of a command's arguments needs."""
OTHER_COMMANDS = tuple(
    f"supportdesk.tickets.process.{name}"
    for name in ("closure", "escalation", "importing", "linking", "policy", "resolution", "severity", "undo")
)
"""The process modules that `note` does not need."""

DRIVER = "import psycopg, sys; print(*sys.modules)"
NOTHING = "print('none')"

CONSOLE = """
import asyncio, sys, threading
from supportdesk.console.app import Console
from supportdesk.console.main import preload
from supportdesk.console.queue.painter import QueuePainter

def connect():
    from supportdesk.desk import Desk
    return Desk.open(sys.argv[1])

imported, import_all = threading.Event(), preload.import_all
row = QueuePainter.row

def draw(*arguments):
    if QueuePainter.row is draw:
        QueuePainter.row = row
        print(*sys.modules)
    return row(*arguments)

def listed(is_closing):
    import_all(is_closing)
    print(*sys.modules)
    imported.set()

async def main():
    console = Console(connect, username="ann", name="desk")
    async with console.run_test(size=(160, 50)):
        await asyncio.to_thread(imported.wait)

QueuePainter.row = draw
preload.import_all = listed
asyncio.run(main())
"""


@pytest.fixture
def address(tmp_path: Path) -> str:
    """The address of a desk with one ticket."""
    with furnished_desk(tmp_path) as desk:
        logged(desk)
    return address_at(tmp_path / "desk.db")


def modules_of(program: str, *arguments: str) -> list[list[str]]:
    """The lists of modules that a program prints, each on a line."""
    command = [sys.executable, "-c", program, *arguments]
    ran = subprocess.run(command, check=True, text=True, stdout=subprocess.PIPE)
    return [line.split() for line in ran.stdout.splitlines()]


def among(modules: list[str], names: tuple[str, ...]) -> list[str]:
    """The modules that have one of the names, or are in a package of that name."""
    return [each for each in modules if f"{each}.".startswith(tuple(f"{name}." for name in names))]


def test_a_desk_is_read_without_rules_commands_and_migrations(address: str) -> None:
    before, after = modules_of(READ, address)
    assert not among(before, WRITE_PATH + UNREAD)
    assert {"supportdesk.desk.commands", "supportdesk.tickets.decide"} <= set(after)
    assert not among(after, (*MIGRATIONS, *MAIL))


@pytest.mark.parametrize("command", [["queue"], ["show", "CD-4C00-W"]], ids=lambda command: command[0])
def test_a_command_that_reads_imports_no_rules_commands_and_migrations(
    address: str, command: list[str]
) -> None:
    (modules,) = modules_of(SHOW, "--db", address, *command)
    assert not among(modules, (*WRITE_PATH, *UNREAD, "textual"))


def test_a_command_that_writes_imports_no_migrations_and_no_screens(address: str) -> None:
    (modules,) = modules_of(
        SHOW, "--db", address, "--as", "ann", "note", "CD-4C00-W", "--text", "Called back."
    )
    assert not among(modules, (*MIGRATIONS, *UNWRITTEN, "textual", "rich"))
    assert among(modules, ("supportdesk.desk.commands",))


@pytest.mark.parametrize(
    ("words", "unused"),
    [
        ("sh", ARGUMENTS),
        ("show CD-", (*WRITE_PATH, *UNREAD)),
        ("note CD-", (*OTHER_COMMANDS, *UNREAD, *UNWRITTEN)),
    ],
)
def test_a_completion_imports_only_what_it_needs(
    address: str, words: str, unused: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    line = f"supportdesk --db {address} {words}"
    monkeypatch.setenv("_SUPPORTDESK_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", line)
    monkeypatch.setenv("COMP_CWORD", str(line.count(" ")))
    (modules,) = modules_of(SHOW)
    (of_the_driver,) = modules_of(DRIVER if chosen_kind() == POSTGRES else NOTHING)
    assert not set(among(modules, (*UNCOMPLETED, *MIGRATIONS, *unused))) - set(of_the_driver)


def test_the_console_shows_the_queue_before_it_imports_rules_commands_and_forms(address: str) -> None:
    shown, ready = modules_of(CONSOLE, address)
    assert not among(shown, WRITE_PATH + FORMS + SHOWN_LATER)
    assert "supportdesk.console.queue.canvas" in shown
    assert {"supportdesk.desk.commands", "supportdesk.tickets.decide", *FORMS} <= set(ready)
    assert not among(ready, (*MIGRATIONS, *MAIL))
