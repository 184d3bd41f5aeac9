"""A desk on which Jo Park of Acme is known by her telephone number."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from supportdesk.clock import FixedClock
from supportdesk.desk import Desk
from supportdesk.tickets.documents import Contact
from supportdesk.tickets.records.commands import SaveContact
from tests.store.desks import done, furnished, verified
from tests.tickets.scenario import MONDAY_NINE


@pytest.fixture
def address(tmp_path: Path) -> str:
    """The address of the desk."""
    made = furnished(tmp_path)
    with closing(Desk.open(made, FixedClock(MONDAY_NINE))) as desk:
        jo = Contact("jo", "acme", "Jo Park", super_user=True, telephone="020 7946 0018")
        done(desk, SaveContact(jo))
    return made


@pytest.fixture
def desk(address: str) -> Iterator[Desk]:
    """The desk, which is intact in the end."""
    with closing(Desk.open(address, FixedClock(MONDAY_NINE))) as desk:
        yield desk
        assert verified(desk).is_intact, verified(desk)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder in which a telephone system leaves recordings."""
    made = tmp_path / "voicemail"
    made.mkdir()
    return made
