"""A desk on which a person is named in every place and spelling, and a search of every byte that it has stored."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import Connection, inspect

from supportdesk.clock import FixedClock
from supportdesk.desk import Desk
from supportdesk.store.sqlite.database import SqliteDatabase
from supportdesk.tickets.command import TEXT_LIMIT
from supportdesk.tickets.documents import Article, Contact
from supportdesk.tickets.folding import fold
from supportdesk.tickets.process.conversation import Note, RecordCall, Reply, SendArticle
from supportdesk.tickets.process.customer_message import AddCustomerMessage
from supportdesk.tickets.process.resolution import Wait
from supportdesk.tickets.records.commands import SaveArticle, SaveContact, SendNotice
from supportdesk.tickets.records.shift_commands import HandOverShift
from tests import databases
from tests.postgres import database_in
from tests.store.desks import done, furnish, logged, running_server
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

_FILES = """
SELECT pg_relation_filepath(oid) FROM pg_class WHERE relkind IN ('r', 'i', 't') AND oid >= 16384
UNION ALL SELECT pg_relation_filepath('pg_statistic')
UNION ALL SELECT pg_relation_filepath(reltoastrelid) FROM pg_class WHERE oid = 'pg_statistic'::regclass
"""
"""The files of a database on a server that hold what a desk has stored."""

_TRACES = re.compile(r"zoe|m(u|ue)ller\W*brandt|7946\W*0999|7946\W*0321|79460321|12306497")


@contextmanager
def named_desk(folder: Path) -> Iterator[Desk]:
    """A desk of one's own on which she is named everywhere, open: two tickets are hers, the third is Jo's."""
    desk = Desk.open(databases.copy_of(name_everywhere, folder / "desk.db"), FixedClock(MONDAY_NINE))
    try:
        yield desk
    finally:
        desk.close()


def name_everywhere(address: str) -> None:
    """Make a furnished desk at an address on which she is named in every kind of record."""
    furnish(address)
    with closing(Desk.open(address, FixedClock(MONDAY_NINE))) as desk:
        _name(desk)


def _name(desk: Desk) -> None:
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
        done(desk, AddCustomerMessage(ref, f"I am {NAME}.", contact="acme.zoe"))
        done(desk, Wait(ref, "customer", f"waits for {NAME}"))
    done(desk, SaveArticle(Article("KB-7", f"Printing ({NAME})", everything)))
    for ref in (first, other):
        done(desk, SendArticle(ref, "KB-7"))
    done(desk, HandOverShift(f"Ring {NAME} back on 020 7946 0321."), by="ann")
    done(desk, SendNotice(("ann",), "notice", f"{NAME} is waiting", "somebody waits"), by="supportdesk")


def traces_of(desk: Desk) -> list[str]:
    """Every trace of her in the files of a desk, or in the rows of its tables on a server."""
    database = desk._database
    if isinstance(database, SqliteDatabase):
        return find_traces(database.path.parent)
    rows = database.read(lambda connection: list(_read_rows(connection)))
    return [each for each in rows if _TRACES.search(fold(each))]


def traces_at(address: str) -> list[str]:
    """Every trace of her in the bytes of a desk's file, or of the files in which a server keeps the desk's tables, and
    what it knows of their values.
    """
    if not address.startswith("postgresql"):
        return find_traces(Path(address))
    server = running_server()
    with server.connect(database_in(address)) as connection:
        connection.execute("CHECKPOINT")
        files = connection.execute(_FILES).fetchall()
    return find_traces(*(server.data / file for (file,) in files))


def _read_rows(connection: Connection) -> Iterator[str]:
    for name in inspect(connection).get_table_names():
        yield from connection.exec_driver_sql(f'SELECT t::text FROM "{name}" AS t').scalars()


def find_traces(*places: Path) -> list[str]:
    """Every trace of her in the bytes of files, and in those of folders, with what is around it."""
    found = []
    for place in places:
        assert place.exists()
        for path in (
            [place] if place.is_file() else sorted(each for each in place.rglob("*") if each.is_file())
        ):
            content = fold(path.read_bytes().decode("utf-8", "ignore"))
            for each in _TRACES.finditer(content):
                around = content[max(0, each.start() - 40) : each.end() + 40]
                found.append(f"{path.name}: {around!r}")
    return found
