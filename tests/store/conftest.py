"""A desk with a history, and somebody who changes it behind its back."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from supportdesk.desk import Desk
from supportdesk.tickets.command import TEXT_LIMIT
from supportdesk.tickets.process.assignment import Claim
from supportdesk.tickets.process.conversation import Note, Reply
from tests.store.desks import done, furnished_desk, logged, open_sqlite

Tamper = Callable[..., None]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A desk with one ticket, CD-4C00-W, that was worked on."""
    with furnished_desk(tmp_path) as desk:
        ref = logged(desk, description="x" * (TEXT_LIMIT + 1))
        done(desk, Claim(ref))
        done(desk, Reply(ref, "We are on it."))
        done(desk, Note(ref, "it is the usual thing"))
        yield desk


@pytest.fixture
def tamper(desk: Desk, tmp_path: Path) -> Iterator[Tamper]:
    """Runs statements on the desk's file, as somebody with a database tool would."""
    database = open_sqlite(str(tmp_path / "desk.db"))

    def run(*statements: str, checked: bool = True) -> None:
        connection = database.connect()
        connection.execute("PRAGMA foreign_keys = OFF")
        for statement in statements:
            assert connection.execute(statement).rowcount or not checked
        connection.close()

    yield run
    database.close()
