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
from supportdesk.store.location import find_file
from supportdesk.tickets.process.conversation import Note
from tests import databases
from tests.postgres import database_in
from tests.store.desks import done, furnish, furnished, logged, running_server, verified

REF = "CD-4C00-W"
BEFORE = "before the fault"
LONG = "and so on " * 6_000
"""More words than fit into pages that are free anyway."""


def copy_desk(folder: Path) -> Path:
    """Copy the desk to a folder, and return its path."""
    return Path(shutil.copy(_template().name + "/desk.db", folder / "desk.db"))


def make_desk(folder: Path) -> str:
    """Return the address of a copy of the desk, in the folder or on the tests' server."""
    if databases.chosen_kind() == databases.POSTGRES:
        server = running_server()
        return server.address(server.make_database(_server_template()))
    return str(copy_desk(folder))


def remove_desk(address: str) -> None:
    """Remove everything from an address of `make_desk`: the files of the folder, or what is in the database."""
    path = find_file(address)
    if path is None:
        _replace_database(address, "template0")
        return
    for each in (*path.parent.glob("*.db*"), *path.parent.glob(".*.new*")):
        if each.is_dir():
            shutil.rmtree(each)
        else:
            each.unlink(missing_ok=True)


def renew_desk(address: str) -> None:
    """Put a copy of the desk in the place of everything at an address of `make_desk`."""
    path = find_file(address)
    if path is None:
        _replace_database(address, _server_template())
        return
    remove_desk(address)
    copy_desk(path.parent)


def _replace_database(address: str, template: str) -> None:
    server, name = running_server(), database_in(address)
    server.drop_database(name)
    with server.connect("postgres") as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}".encode())


@cache
def _server_template() -> str:
    server = running_server()
    name = server.make_database()
    furnish(server.address(name))
    begin_desk(server.address(name))
    server.seal(name)
    return name


@cache
def _template() -> tempfile.TemporaryDirectory[str]:
    folder = tempfile.TemporaryDirectory(prefix="supportdesk-tests-")
    with databases.use(databases.SQLITE):
        begin_desk(furnished(Path(folder.name)))
    return folder


def begin_desk(address: str) -> None:
    """Log the ticket on a furnished desk, and write the note."""
    with closing(Desk.open(address, FixedClock(datetime.now(UTC)))) as desk:
        desk.date_is_confirmed = True
        assert logged(desk, severity="low", channel="email") == REF
        done(desk, Note(REF, BEFORE))


def note(text: str, *, is_long: bool = False) -> Sequence[str]:
    """Return the arguments with which Ann writes a note on the ticket."""
    return "--as", "ann", "note", REF, "--text", f"{text}\n\n{LONG}" if is_long else text


def read_notes(address: str) -> list[str]:
    """Return the first line of each note on the ticket, the oldest first, of a desk that has to be intact."""
    with closing(Desk.open(address)) as desk:
        assert verified(desk).is_intact
        notes = [entry for entry in desk.ticket(REF).timeline if entry.event == "noted"]
        return [entry.sentence.removeprefix("note: ").split("\n")[0].strip() for entry in notes]
