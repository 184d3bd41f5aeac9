"""A desk with one ticket that has a note, dated today: what the faults happen to."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from supportdesk.clock import FixedClock
from supportdesk.desk import Desk
from supportdesk.tickets.process.conversation import Note
from tests.store.desks import done, furnished, logged, verified

REF = "CD-4C00-W"
BEFORE = "before the fault"
LONG = "and so on " * 6_000
"""More words than fit into pages that are free anyway."""


def copy_desk(folder: Path) -> Path:
    """Copy the desk to a folder, and return its path."""
    return Path(shutil.copy(_template().name + "/desk.db", folder / "desk.db"))


@cache
def _template() -> tempfile.TemporaryDirectory[str]:
    folder = tempfile.TemporaryDirectory(prefix="supportdesk-tests-")
    desk = Desk.open(furnished(Path(folder.name)), FixedClock(datetime.now(UTC)))
    desk.date_is_confirmed = True
    assert logged(desk, severity="low", channel="email") == REF
    done(desk, Note(REF, BEFORE))
    desk.close()
    return folder


def note(text: str, *, is_long: bool = False) -> Sequence[str]:
    """Return the arguments with which Ann writes a note on the ticket."""
    return "--as", "ann", "note", REF, "--text", f"{text}\n\n{LONG}" if is_long else text


def read_notes(address: str) -> list[str]:
    """Return the first line of each note on the ticket, the oldest first, of a desk that has to be intact."""
    with closing(Desk.open(address)) as desk:
        assert verified(desk).is_intact
        notes = [entry for entry in desk.ticket(REF).timeline if entry.event == "noted"]
        return [entry.sentence.removeprefix("note: ").split("\n")[0].strip() for entry in notes]
