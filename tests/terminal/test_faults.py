"""What a person at a console sees of each fault of the database: a form is kept, and everything goes on by itself."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.faults.database import BreakableDatabase, Fault
from tests.faults.desk import BEFORE, REF, read_notes
from tests.faults.kinds import KINDS
from tests.terminal.tmux import Terminal, terminal

# Each kind breaks its own desk, whatever database is chosen: once is enough.
pytestmark = pytest.mark.sqlite

ALWAYS = {"the file is gone", "the answer that it was saved is lost (COMMIT)"}
"""The faults that are tried in each run of the tests; the others take some seconds each."""

BOUND = """
from tests.faults.capabilities import bind_to_permissions
bind_to_permissions()
from supportdesk.cli import main
main()
"""
FORM, WORDS, REFUSED = "Write an internal note", "They rang from the train.", "✗"
AWAY = ("stale since", "desk replaced")


def can_go_on(fault: Fault) -> bool:
    """Return whether the fault happens under an open console, which need not be closed to mend it."""
    return not fault.is_closed and not fault.has_full_quota and "BACKUP" not in fault.remedy


CASES = [
    pytest.param(kind, fault, id=fault.name, marks=() if fault.name in ALWAYS else pytest.mark.long)
    for kind in KINDS
    for fault in kind.list_faults()
    if can_go_on(fault)
]


@contextmanager
def console_on(database: BreakableDatabase, fault: Fault, home: Path) -> Iterator[Terminal]:
    """Open Ann's console on a desk, bound by permissions if the fault is one of them."""
    program = ["-c", BOUND] if fault.is_bound else ["-m", "supportdesk"]
    environment = {"HOME": str(home), "XDG_RUNTIME_DIR": str(home)}
    command = [sys.executable, *program, "--db", database.address, "--as", "ann"]
    with terminal(command, environment=environment) as screen:
        yield screen
        # Its connections are gone when it has ended; a server has few.
        os.kill(screen.process, signal.SIGHUP)
        screen.wait_for_end()


def refused_or_sent(screen: str) -> str | None:
    """Return what became of the form: why it was refused, or `sent`; None while it is being saved."""
    if FORM not in screen:
        return "sent"
    return screen if REFUSED in screen else None


@pytest.mark.parametrize(("kind", "fault"), CASES)
def test_a_form_is_kept_while_the_desk_is_broken_and_sent_once_when_it_is_mended(
    kind: type[BreakableDatabase], fault: Fault, tmp_path: Path
) -> None:
    folder, home = tmp_path / "desk", tmp_path / "home"
    folder.mkdir()
    home.mkdir()
    with kind.started(folder, fault) as database:
        with console_on(database, fault, home) as screen:
            screen.wait_for_line("▌", REF)
            screen.press("i")
            screen.wait_for(FORM)
            screen.type(WORDS)
            screen.wait_for(WORDS)
            database.cause()
            screen.press("F2")
            outcome = screen.wait_until(refused_or_sent, "waited for the form to be refused or sent")
            assert outcome == "sent" or WORDS in outcome
            database.mend()
            # Nobody has to do anything for that.
            screen.wait_until(
                lambda shown: None if any(text in shown for text in AWAY) else "back", "waited for the desk"
            )
            if outcome != "sent":
                screen.press("F2")
                screen.wait_until(
                    lambda shown: "sent" if FORM not in shown else None, "waited for the form to be sent"
                )
            screen.wait_for(f"note: {WORDS}")
        assert read_notes(database.address) == [BEFORE, WORDS]
