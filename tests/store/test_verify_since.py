"""The daily verification: what follows from the events since a number, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from sqlalchemy import text

from supportdesk.desk import Desk
from supportdesk.store.backend import Database
from supportdesk.store.sqlite.reader import SqliteReader
from supportdesk.store.verification.verify import Verification, verify
from supportdesk.tickets.documents import Organisation
from supportdesk.tickets.process.conversation import Note
from supportdesk.tickets.records.commands import ChangeDay, EraseContact, SaveOrganisation
from tests.store.desks import database_of, done, logged, verified
from tests.store.paged_desk import paged_database
from tests.tickets.scenario import MONDAY_NINE

OLD = "CD-4C00-W"


@pytest.fixture
def paged() -> Iterator[Database]:
    with paged_database() as database:
        yield database


@pytest.fixture
def new(desk: Desk) -> str:
    """A second ticket, after a clock of the first has moved and its customer has another name."""
    done(desk, SaveOrganisation(Organisation("acme", "Acme plc", "max")), by="sue")
    tomorrow = MONDAY_NINE.date() + timedelta(days=1)
    done(desk, ChangeDay("office", tomorrow, (("07:00", "17:00"),), "the builders come"), by="sue")
    return logged(desk)


def tamper(desk: Desk, statement: str) -> None:
    database_of(desk).write(lambda connection: connection.execute(text(statement)))


def since_old(desk: Desk) -> Verification:
    """What is found behind the last event of the old ticket."""
    row = desk.ticket(OLD).timeline[-1]
    return verify(database_of(desk), since=row.seq)


def test_an_intact_desk_is_intact_since_any_of_its_events(paged: Database) -> None:
    whole = verify(paged)
    for seq in range(1, whole.events + 1, 6):
        found = verify(paged, since=seq)
        assert (found.findings, found.point, found.tickets) == ((), whole.point, whole.tickets)
        assert found.since == seq
    assert verify(paged, since=whole.events).unread == whole.tickets
    assert verify(paged, since=1).unread == 0


def test_calendars_and_names_before_it_are_known(desk: Desk, new: str) -> None:
    found = since_old(desk)
    assert found.findings == ()
    assert (found.events, found.tickets, found.unread) == (verified(desk).events, 2, 1)
    done(desk, Note(OLD, "once more"))
    assert verify(database_of(desk), since=found.events).findings == ()


@pytest.mark.parametrize(
    ("statement", "finding"),
    [
        ("UPDATE ledger SET actor = 'sam' WHERE seq = (SELECT max(seq) FROM ledger)", "it was changed after"),
        ("UPDATE tickets SET rung = 3 WHERE ref <> 'CD-4C00-W'", "differs from the ledger: rung"),
        ("UPDATE organisations SET name = 'Acme' WHERE key = 'acme'", "organisations acme: differs"),
        ("UPDATE ledger SET actor = 'sam' WHERE seq = 1", "at event 1: it was changed after"),
        ("DELETE FROM attachments", "attachments"),
        ("DELETE FROM commands WHERE seq = (SELECT max(seq) FROM commands)", "it is missing, so that"),
        ("UPDATE head SET next_ticket = next_ticket + 1", "the head does not count"),
        ("DROP INDEX ix_tickets_watch_due", "the index is missing"),
    ],
)
def test_what_was_done_to_records_or_since_then_is_found(
    desk: Desk, new: str, statement: str, finding: str
) -> None:
    tamper(desk, statement)
    found = since_old(desk)
    assert any(finding in str(each) for each in found.findings), found.findings


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE tickets SET rung = 3 WHERE ref = 'CD-4C00-W'",
        "UPDATE ledger SET actor = 'sam' WHERE event = 'noted'",
        "UPDATE ticket_words SET summary = 'another' WHERE ref = 'CD-4C00-W'",
    ],
)
def test_what_was_done_to_earlier_events_and_tickets_is_not_looked_at(
    desk: Desk, new: str, statement: str
) -> None:
    tamper(desk, statement)
    assert since_old(desk).is_intact
    assert not verified(desk).is_intact


def test_an_event_that_is_not_there_is_no_beginning(desk: Desk) -> None:
    end = verified(desk).events
    assert [str(each) for each in verify(database_of(desk), since=end + 1).findings] == [
        f"The ledger is broken at event {end + 1}: it is not there: the ledger was cut short, or never had it"
    ]


@pytest.mark.sqlite
def test_what_others_write_while_it_looks_is_looked_at(
    desk: Desk, new: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    since = verified(desk).events
    for _ in range(5):
        logged(desk)
    moment, notes = SqliteReader.moment, ["before", "between", "after"]

    def write_first(self: SqliteReader) -> AbstractContextManager[None]:
        if notes:
            done(desk, Note(logged(desk), notes[-1]))
            done(desk, Note(new, notes.pop()))
        return moment(self)

    monkeypatch.setattr(SqliteReader, "moment", write_first)
    monkeypatch.setattr("supportdesk.store.verification.tickets.MOST_TICKETS", 1)
    found = verify(database_of(desk), since=since)
    assert found.findings == ()
    assert not notes
    assert (found.events, found.unread) == (verified(desk).events, 1)


@pytest.mark.parametrize(
    ("statement", "finding"),
    [
        ("UPDATE tickets SET rung = 3 WHERE ref = 'CD-4C00-W'", "differs from the ledger: rung"),
        (
            "UPDATE ledger SET salt = 'x' WHERE event = 'noted'",
            "its payload was changed after it was written",
        ),
        ("UPDATE erased_events SET digest = 'x' WHERE seq > 0", "it is not what the erasure by event"),
    ],
)
def test_what_an_erasure_has_changed_since_then_is_compared(
    desk: Desk, new: str, statement: str, finding: str
) -> None:
    done(desk, Note(OLD, "Jo Park rang"))
    done(desk, Note(new, "somebody rang"))
    since = verified(desk).events
    done(desk, EraseContact("jo"), by="sue")
    found = verify(database_of(desk), since=since)
    assert (found.findings, found.tickets - found.unread) == ((), 2)
    tamper(desk, statement)
    found = verify(database_of(desk), since=since)
    assert any(finding in str(each) for each in found.findings), found.findings
