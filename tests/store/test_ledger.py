"""The ledger takes what happened as it is, numbers it without a gap, and chains it."""

from pathlib import Path

import pytest
from sqlalchemy import select

from supportdesk.store import ledger, payloads, tables
from supportdesk.store.errors import UncleanTextError
from supportdesk.tickets.documents import Person
from supportdesk.tickets.events import Noted, Replied
from supportdesk.tickets.process.conversation import Note
from supportdesk.tickets.records.commands import SavePerson
from supportdesk.tickets.records.events import PersonSaved
from tests.store.desks import database_of, done, furnished_desk, logged, refused

pytestmark = pytest.mark.usefixtures("database_kind")


@pytest.mark.parametrize(
    "text",
    [
        "plain",
        'a "quote" and a \\ and \\u0000 spelled out',
        "two\nlines\tand a tab",
        "Ünïcödé 日本 🙂",
        "\\\\u0000",
    ],
)
def test_an_event_reads_back_as_it_was_written(text: str) -> None:
    assert payloads.decode(payloads.encode(Replied(text))) == Replied(text)


@pytest.mark.parametrize("text", ["\x00", "a\x1b[31m", "\x07", "\\\x00", "\ud800"])
def test_text_that_no_database_should_hold_goes_no_further(text: str) -> None:
    with pytest.raises(UncleanTextError):
        payloads.encode(Noted(text))


def test_a_document_with_such_a_text_in_a_corner_is_refused(tmp_path: Path) -> None:
    with furnished_desk(tmp_path) as desk:
        corner = Person("new", "Newcomer", "user-support", (), rungs=("support-manager\x00",))
        assert "control character" in refused(desk, SavePerson(corner), by="sue")


def test_events_are_numbered_without_a_gap_and_each_holds_the_hash_of_the_one_before(tmp_path: Path) -> None:
    with furnished_desk(tmp_path) as desk:
        done(desk, Note(logged(desk), "hello"))
        rows = database_of(desk).read(
            lambda connection: list(ledger.stream_rows(connection, ledger.select_rows_after(0)))
        )
    assert [row["seq"] for row in rows] == list(range(1, len(rows) + 1))
    assert [row["previous"] for row in rows] == [ledger.GENESIS, *(row["hash"] for row in rows[:-1])]
    assert all(ledger.compute_link_hash(row) == row["hash"] for row in rows)


def test_the_same_words_twice_have_digests_from_which_nobody_can_tell(tmp_path: Path) -> None:
    with furnished_desk(tmp_path) as desk:
        ref = logged(desk)
        for _ in range(2):
            done(desk, Note(ref, "ring 020 7946 0018"))
        query = select(tables.ledger.c.payload, tables.ledger.c.payload_digest).where(
            tables.ledger.c.event == "noted"
        )
        (one, first), (two, second) = database_of(desk).read(
            lambda connection: connection.execute(query).all()
        )
    assert one == two
    assert first != second


def test_the_ledger_of_one_ticket_is_read_from_where_somebody_left_off(tmp_path: Path) -> None:
    with furnished_desk(tmp_path) as desk:
        ref, other = logged(desk), logged(desk)
        last = done(desk, Note(ref, "one")).seq
        done(desk, Note(other, "elsewhere"))
        done(desk, Note(ref, "two"))
        database = database_of(desk)
        told = database.read(lambda connection: list(ledger.read_events(connection, after=last, ref=ref)))
        everything = database.read(lambda connection: list(ledger.read_events(connection)))
    assert [(entry.ref, entry.version, entry.actor, entry.event) for entry in told] == [
        (ref, 3, "ann", Noted("two"))
    ]
    assert [entry.seq for entry in everything] == list(range(1, last + 3))
    assert isinstance(everything[1].event, PersonSaved)
    assert (everything[1].ref, everything[1].version, everything[1].subject) == (None, None, "person")
