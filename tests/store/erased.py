"""A desk on which a person is named in every place and spelling, and a search of every byte that it has stored."""

from __future__ import annotations

import re
import shutil
import tempfile
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from sqlalchemy import Connection, inspect

from supportdesk.clock import FixedClock
from supportdesk.desk import Desk
from supportdesk.store.sqlite.database import SqliteDatabase
from supportdesk.tickets.command import TEXT_LIMIT
from supportdesk.tickets.documents import Article, Contact
from supportdesk.tickets.folding import fold
from supportdesk.tickets.process.conversation import Note, RecordCall, Reply
from supportdesk.tickets.process.resolution import Wait
from supportdesk.tickets.records.commands import SaveArticle, SaveContact, SendNotice
from supportdesk.tickets.records.shift_commands import HandOverShift
from tests import databases
from tests.postgres import database_in
from tests.store.desks import done, furnished, furnished_desk, logged, running_server
from tests.tickets.scenario import MONDAY_NINE

NAME = "Zoë Müller-Brandt"
ZOE = Contact("acme.zoe", "acme", NAME, telephone="+44 20 7946 0321", email="zoe.mb@acme.example")
SPELLINGS = (
    "Zoë Müller-Brandt",
    "zoe muller brandt",
    "ZOË  MÜLLER-BRANDT",
    "Müller-Brandt, Zoë",
    unicodedata.normalize("NFD", NAME),
    "Zoe Mueller-Brandt",
    "020 7946 0321",
    "(0044) 20-7946.0321",
    "+44 (0)20 79460321",
    "ZOE.MB@acme.example",
    "acme.zoe",
)
"""How she is named in texts, by people and in their tools."""

_TRACES = re.compile(r"zoe|m(u|ue)ller\W*brandt|7946\W*0999|7946\W*0321|79460321|12306497")


@contextmanager
def named_desk(folder: Path) -> Iterator[Desk]:
    """A desk of one's own on which she is named everywhere, open: two tickets are hers, the third is Jo's."""
    if databases.chosen_kind() == databases.POSTGRES:
        name = running_server().make_database(_server_template())
        address = running_server().address(name)
    else:
        address = str(shutil.copy(Path(_template().name) / "desk.db", folder / "desk.db"))
    desk = Desk.open(address, FixedClock(MONDAY_NINE))
    try:
        yield desk
    finally:
        desk.close()
        if address.startswith("postgresql"):
            running_server().drop_database(database_in(address))


@cache
def _template() -> tempfile.TemporaryDirectory[str]:
    folder = tempfile.TemporaryDirectory(prefix="supportdesk-tests-")
    with furnished_desk(Path(folder.name)) as desk:
        _name_everywhere(desk)
    return folder


@cache
def _server_template() -> str:
    address = furnished(Path())
    desk = Desk.open(address, FixedClock(MONDAY_NINE))
    _name_everywhere(desk)
    desk.close()
    name = database_in(address)
    running_server().seal(name)
    return name


def _name_everywhere(desk: Desk) -> None:
    """Name her in every kind of record."""
    before = Contact("acme.zoe", "acme", "Zoe Miller", telephone="020 7946 0999")
    done(desk, SaveContact(before, new=True))
    done(desk, SaveContact(ZOE))
    everything = "; ".join(SPELLINGS)
    first = logged(desk, contact="acme.zoe", summary="Zoë cannot print", description=f"{everything}")
    second = logged(desk, contact="acme.zoe", description=f"{NAME} {'x' * TEXT_LIMIT} {NAME}")
    other = logged(desk, contact="jo", summary=f"Ask {NAME}", description=everything)
    for ref in (first, second, other):
        for spelling in SPELLINGS:
            done(desk, Note(ref, f"I spoke with {spelling}."))
        done(desk, Reply(ref, f"Dear {NAME},\nwe are on it."))
        done(desk, RecordCall(ref, "they rang" if ref == other else "zoe rang again", contact="acme.zoe"))
        done(desk, Wait(ref, "customer", f"waits for {NAME}"))
    done(desk, SaveArticle(Article("KB-7", f"Printing ({NAME})", everything)))
    done(desk, HandOverShift(f"Ring {NAME} back on 020 7946 0321."), by="ann")
    done(desk, SendNotice(("ann",), "notice", f"{NAME} is waiting", "somebody waits"), by="supportdesk")


def traces_of(desk: Desk) -> list[str]:
    """Every trace of her in the files of a desk, or in the rows of its tables on a server."""
    database = desk._database
    if isinstance(database, SqliteDatabase):
        return find_traces(database.path.parent)
    rows = database.read(lambda connection: list(_read_rows(connection)))
    return [each for each in rows if _TRACES.search(fold(each))]


def _read_rows(connection: Connection) -> Iterator[str]:
    for name in inspect(connection).get_table_names():
        yield from connection.exec_driver_sql(f'SELECT t::text FROM "{name}" AS t').scalars()


def find_traces(*places: Path) -> list[str]:
    """Every trace of her in the bytes of files, and in those of folders, with what is around it."""
    found = []
    for place in places:
        for path in (
            [place] if place.is_file() else sorted(each for each in place.rglob("*") if each.is_file())
        ):
            content = fold(path.read_bytes().decode("utf-8", "ignore"))
            for each in _TRACES.finditer(content):
                around = content[max(0, each.start() - 40) : each.end() + 40]
                found.append(f"{path.name}: {around!r}")
    return found
