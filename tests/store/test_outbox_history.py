"""What is to be sent verifies after what happens to a whole desk: a restored backup, an upgrade, a lost first page."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from supportdesk.clock import FixedClock
from supportdesk.desk import Desk
from supportdesk.sla.clocks import instant
from supportdesk.store.database import restore
from supportdesk.store.outbox_models import OutgoingMessage
from supportdesk.store.sqlite.backup import back_up
from supportdesk.tickets.actors import WATCHER
from supportdesk.tickets.process.sending import RecordAttempt
from supportdesk.watcher.links.link_desk import make_link, page_link
from tests.databases import address_at
from tests.store.database_tool import database_tool
from tests.store.desks import (
    AS_BEFORE_0006,
    address_of,
    database_of,
    furnished_desk,
    refused,
    rewrite_as_before_0006,
    sqlite_of,
    verified,
)
from tests.store.outboxes import at, claim, claim_critical, critical, outbox_desk, report

pytestmark = pytest.mark.usefixtures("database_kind")


def link(desk: Desk, message: OutgoingMessage) -> None:
    """Make a link to the page of a message, as a watcher does before it sends it."""
    assert message.ref is not None
    make_link(desk, "https://desk.example.com", page_link(message.ref, message.person, instant(message.at)))


@pytest.mark.sqlite
def test_a_desk_that_is_restored_while_a_watcher_sends_verifies(tmp_path: Path) -> None:
    clock = FixedClock(at(0))
    with outbox_desk(tmp_path, clock) as desk:
        known = claim_critical(desk)
        backup = back_up(sqlite_of(desk), tmp_path / "backup.db").path
        lost = claim_critical(desk)
        report(desk, known, "delivered")
    assert restore(address_at(tmp_path / "desk.db"), backup, at=clock.now(), confirm_loss=lambda _: True)
    with closing(Desk.open(address_at(tmp_path / "desk.db"), clock)) as desk:
        for message in (known, lost):
            link(desk, message)
        report(desk, known, "delivered")
        assert "no such delivery" in refused(desk, RecordAttempt(lost.id, "delivered"), by=WATCHER.key)
        assert verified(desk).findings == ()
        clock.set(at(40))
        assert claim(desk) == []
        critical(desk)
        assert verified(desk).findings == ()


@pytest.mark.sqlite
def test_a_page_of_an_earlier_version_needs_no_message_and_one_since_does(tmp_path: Path) -> None:
    clock = FixedClock(at(0))
    path = tmp_path / "desk.db"
    with furnished_desk(tmp_path, clock) as desk:
        critical(desk)
        database_of(desk).write(rewrite_as_before_0006)
        for statement in (*AS_BEFORE_0006, "UPDATE alembic_version SET version_num = '0005'"):
            database_of(desk).write(lambda connection, sql=statement: connection.execute(text(sql)))  # type: ignore[misc]
    with closing(Desk.create(str(path), clock)) as desk:
        ref = critical(desk)
        assert verified(desk).findings == ()
        assert desk.unsent_pages(), "nobody has an address"
        [(message,)] = read(path, "SELECT id FROM messages")
        change(path, "UPDATE messages SET person = 'ann'")
        assert f"messages {ref} {message}: differs" in str(verified(desk).mismatches[0])


def test_the_first_page_of_a_new_desk_is_missed(tmp_path: Path) -> None:
    with furnished_desk(tmp_path) as desk:
        ref = critical(desk)
        assert verified(desk).findings == ()
        with database_tool(address_of(desk)) as run:
            run("DELETE FROM messages")
        [found] = map(str, verified(desk).findings)
        assert found.startswith(f"messages {ref} ")
        assert found.endswith(": it is missing")


def read(path: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(query).fetchall()


def change(path: Path, statement: str) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute(statement)
