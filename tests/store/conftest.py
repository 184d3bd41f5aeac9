"""A desk with a history, and somebody who changes it behind its back."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from supportdesk.desk import Desk
from supportdesk.tickets.command import TEXT_LIMIT
from supportdesk.tickets.process.assignment import Claim
from supportdesk.tickets.process.conversation import Note, Reply
from tests.store.database_tool import database_tool
from tests.store.desks import address_of, done, furnished_desk, logged

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
def tamper(desk: Desk) -> Iterator[Tamper]:
    """Runs statements on the desk's database, as somebody with a database tool would."""
    with database_tool(address_of(desk)) as tool:

        def run(*statements: str, checked: bool = True) -> None:
            for statement in statements:
                assert tool(statement) or not checked

        yield run
