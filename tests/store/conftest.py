"""A clock, a desk with a history, and somebody who changes it behind its back."""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from supportdesk.clock import FixedClock
from supportdesk.desk import Desk
from supportdesk.tickets.command import TEXT_LIMIT
from supportdesk.tickets.process.assignment import Claim
from supportdesk.tickets.process.conversation import Note, Reply
from tests.databases import copy_of
from tests.store.database_tool import database_tool
from tests.store.desks import address_of, done, furnish, logged
from tests.tickets.scenario import MONDAY_NINE

Tamper = Callable[..., None]


@pytest.fixture
def clock() -> FixedClock:
    """A clock that stands until a test sets it."""
    return FixedClock(MONDAY_NINE)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A desk with one ticket, CD-4C00-W, that was worked on."""
    address = copy_of(_work_on_ticket, tmp_path / "desk.db")
    with closing(Desk.open(address, FixedClock(MONDAY_NINE))) as desk:
        yield desk


def _work_on_ticket(address: str) -> None:
    furnish(address)
    with closing(Desk.open(address, FixedClock(MONDAY_NINE))) as desk:
        ref = logged(desk, description="x" * (TEXT_LIMIT + 1))
        done(desk, Claim(ref))
        done(desk, Reply(ref, "We are on it."))
        done(desk, Note(ref, "it is the usual thing"))


@pytest.fixture
def tamper(desk: Desk) -> Iterator[Tamper]:
    """Runs statements on the desk's database, as somebody with a database tool would."""
    with database_tool(address_of(desk)) as tool:

        def run(*statements: str, checked: bool = True) -> None:
            for statement in statements:
                assert tool(statement) or not checked

        yield run
