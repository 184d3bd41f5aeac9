"""Whatever somebody changes behind the desk's back is found, and named."""

from contextlib import AbstractContextManager, closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from supportdesk.clock import FixedClock
from supportdesk.desk import Desk
from supportdesk.store import ledger
from supportdesk.store.anchors import Anchor, Point
from supportdesk.store.backend import Reader
from supportdesk.store.database import open_database
from supportdesk.store.verification.verify import ChainBreak, Mismatch, verify
from supportdesk.tickets.documents import Organisation, Person, Role
from supportdesk.tickets.process.conversation import Note
from supportdesk.tickets.records.commands import ChangeDay, SaveOrganisation, SavePerson
from tests.databases import address_at
from tests.store.conftest import Tamper
from tests.store.desks import address_of, database_of, done, logged, rewrite_as_before_0006, verified
from tests.tickets.scenario import MONDAY_NINE

pytestmark = pytest.mark.usefixtures("database_kind")


def last(desk: Desk) -> int:
    """The number of the last event."""
    return desk.queue().seq


def test_a_desk_that_nobody_tampered_with_is_intact(desk: Desk) -> None:
    found = verified(desk)
    assert found.is_intact
    assert (found.events, found.tickets) == (last(desk), 1)
    assert len(found.head) == 64


@pytest.mark.parametrize("stretch", [1, 3, 25, 26, 27])
def test_a_ledger_is_walked_to_its_end_in_stretches_of_any_length(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, stretch: int
) -> None:
    whole = verified(desk)
    monkeypatch.setattr("supportdesk.store.verification.verify._BATCH", stretch)
    assert verified(desk) == whole
    assert whole.events == 26


@pytest.mark.parametrize("at_once", [1, 2, 3])
def test_of_tickets_that_are_read_together_each_is_compared_with_its_own_events(
    desk: Desk, tamper: Tamper, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    refs = [logged(desk) for _ in range(3)]
    monkeypatch.setattr("supportdesk.store.verification.tickets.MOST_TICKETS", at_once)
    assert verified(desk).is_intact
    tamper(*(f"UPDATE tickets SET rung = 3 WHERE ref = '{ref}'" for ref in refs))
    expected = tuple(Mismatch("tickets", ref, "differs from the ledger: rung") for ref in refs)
    assert verified(desk).findings == expected


def test_many_tickets_are_read_with_no_more_queries_than_few(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(database_of(desk).reader()) as reader:
        reader_type = type(reader)
    queries: list[str] = []
    for name in ("rows", "row"):
        method = getattr(reader_type, name)

        def counted(self: Reader, query: str, *parameters: object, run: Any = method) -> Any:
            queries.append(query)
            return run(self, query, *parameters)

        monkeypatch.setattr(reader_type, name, counted)
    logged(desk)
    assert verified(desk).is_intact
    few = len(queries)
    for _ in range(5):
        logged(desk)
    assert verified(desk).is_intact
    assert len(queries) == 2 * few


def test_an_empty_desk_is_intact(tmp_path: Path) -> None:
    desk = Desk.create(address_at(tmp_path / "empty.db"))
    found = verified(desk)
    assert found.is_intact
    assert (found.events, found.head) == (0, ledger.GENESIS)
    desk.close()


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        (
            "UPDATE ledger SET payload = replace(payload, 'usual', 'worst') WHERE seq = {last}",
            "its payload was changed",
        ),
        ("UPDATE ledger SET salt = NULL WHERE seq = {last}", "its payload was changed"),
        ("UPDATE ledger SET actor = 'sam' WHERE seq = {last}", "it was changed"),
        ("UPDATE ledger SET at = at - 3600 WHERE seq = {last}", "it was changed"),
        ("UPDATE ledger SET ref = 'CD-4C01-T' WHERE seq = {last}", "it was changed"),
        ("UPDATE ledger SET event = 'replied' WHERE seq = {last}", "it was changed"),
        ("UPDATE ledger SET command_id = 'x' WHERE seq = {last}", "it was changed"),
        ("UPDATE ledger SET payload_digest = 'x' WHERE seq = {last}", "it was changed"),
        ("UPDATE ledger SET hash = 'x' WHERE seq = {last}", "it was changed"),
        ("UPDATE ledger SET previous = 'x' WHERE seq = {last}", "it does not follow"),
        ("DELETE FROM ledger WHERE seq = {last}", "the head gives"),
        ("UPDATE head SET seq = seq - 1", "the head gives"),
        ("UPDATE head SET next_ticket = 0", "the head does not count"),
    ],
)
def test_an_event_that_is_tampered_with_is_named(
    desk: Desk, tamper: Tamper, statement: str, reason: str
) -> None:
    end = last(desk)
    tamper(statement.format(last=end))
    found = verified(desk)
    assert not found.is_intact
    assert found.broken is not None
    assert found.broken.reason.startswith(reason)
    assert found.broken.seq in {end, end + 1}


def test_an_event_that_is_taken_out_is_missed(desk: Desk, tamper: Tamper) -> None:
    tamper(f"DELETE FROM ledger WHERE seq = {last(desk) - 2}")
    found = verified(desk)
    assert found.broken is not None
    assert (found.broken.seq, found.broken.reason) == (last(desk) - 2, f"event {last(desk) - 2} is missing")
    assert found.events == last(desk) - 3


def test_two_events_that_change_places_are_noticed(desk: Desk, tamper: Tamper) -> None:
    end = last(desk)
    tamper(
        f"UPDATE ledger SET seq = 1000000 WHERE seq = {end}",
        f"UPDATE ledger SET seq = {end} WHERE seq = {end - 1}",
        f"UPDATE ledger SET seq = {end - 1} WHERE seq = 1000000",
    )
    found = verified(desk)
    assert found.broken is not None
    assert found.broken.seq == end - 1


def test_an_event_that_is_slipped_in_is_noticed(desk: Desk, tamper: Tamper) -> None:
    columns = "at, subject, ref, actor, event, payload, salt, payload_digest, previous, hash, command_id"
    tamper(
        f"INSERT INTO ledger (seq, {columns}) SELECT seq + 1, {columns} FROM ledger WHERE seq = {last(desk)}"
    )
    found = verified(desk)
    assert found.broken is not None
    assert found.broken.seq == last(desk) + 1


def test_an_event_forged_with_its_hashes_is_found_by_the_one_behind_it(desk: Desk, tamper: Tamper) -> None:
    """With write access to the file the whole chain can be forged; then only a noted hash of its end shows it."""
    before = verified(desk)
    database = open_database(address_of(desk))
    seq = last(desk) - 1

    def forge(connection: object) -> None:
        assert hasattr(connection, "execute")
        row = dict(
            connection.execute(text("SELECT * FROM ledger WHERE seq = :seq"), {"seq": seq}).mappings().one()
        )
        row["actor"] = "sam"
        connection.execute(
            text("UPDATE ledger SET actor = 'sam', hash = :hash WHERE seq = :seq"),
            {"hash": ledger.compute_link_hash(row), "seq": seq},
        )

    database.write(forge)
    database.close()
    found = verified(desk)
    assert found.broken is not None
    assert found.broken.seq == last(desk)
    assert found.head != before.head


@pytest.mark.parametrize(
    ("statement", "mismatch"),
    [
        ("UPDATE tickets SET severity = 'low'", ("tickets", "CD-4C00-W", "severity")),
        ("UPDATE tickets SET response = resolution", ("tickets", "CD-4C00-W", "response")),
        ("UPDATE tickets SET state = replace(state, 'Export', 'Import')", ("tickets", "CD-4C00-W", "state")),
        ("UPDATE tickets SET state = '{}'", ("tickets", "CD-4C00-W", "state")),
        ("UPDATE tickets SET changed_seq = 1", ("tickets", "CD-4C00-W", "changed_seq")),
        ("DELETE FROM tickets", ("tickets", "CD-4C00-W", "missing")),
        ("UPDATE tickets SET ref = 'CD-4C01-T'", ("tickets", "CD-4C01-T", "no event")),
        ("UPDATE staff SET name = 'Mallory' WHERE key = 'ann'", ("staff", "ann", "name")),
        ("DELETE FROM contacts WHERE key = 'kim'", ("contacts", "kim", "missing")),
        ("UPDATE policies SET document = replace(document, '24', '48')", ("policies", "1", "document")),
        ("DELETE FROM commands", ("commands", "", "carried out again")),
        ("UPDATE attachments SET content = X'00'", ("attachments", "", "not the text")),
        ("DELETE FROM attachments", ("attachments", "", "missing")),
    ],
)
def test_a_table_that_is_tampered_with_is_named(
    desk: Desk, tamper: Tamper, statement: str, mismatch: tuple[str, str, str]
) -> None:
    tamper(statement)
    found = verified(desk)
    assert found.broken is None
    assert not found.is_intact
    table, key, reason = mismatch
    assert any(
        each.table == table and each.key.startswith(key) and reason in each.reason
        for each in found.mismatches
    ), found.mismatches


def test_words_that_are_gone_break_the_chain(desk: Desk, tamper: Tamper) -> None:
    end = last(desk)
    tamper(f"UPDATE ledger SET payload = NULL, salt = NULL WHERE seq = {end}")
    assert verified(desk).breaks == (ChainBreak(end, "its payload is missing"),)
    assert desk.ticket("CD-4C00-W").timeline[-1].sentence == "(erased)"


def test_words_that_are_gone_from_one_ticket_do_not_hide_what_was_done_to_another(
    desk: Desk, tamper: Tamper
) -> None:
    gone = last(desk)
    other = logged(desk)
    tamper(f"UPDATE ledger SET payload = NULL, salt = NULL WHERE seq = {gone}", "UPDATE tickets SET rung = 3")
    found = verified(desk)
    assert [each.seq for each in found.breaks] == [gone]
    assert [each.key for each in found.mismatches] == [other]


def test_a_line_that_was_written_again_for_another_name_is_intact(desk: Desk) -> None:
    done(desk, SaveOrganisation(Organisation("acme", "Acme plc", "max")))
    assert verified(desk).is_intact
    assert desk.queue().rows[0].changed_seq == last(desk)


def test_what_is_found_says_what_it_is(desk: Desk, tamper: Tamper) -> None:
    tamper("UPDATE tickets SET severity = 'low', rung = 2")
    assert verified(desk).mismatches == (
        Mismatch("tickets", "CD-4C00-W", "differs from the ledger: severity, rung"),
    )


@pytest.mark.parametrize("noted", [0, 5, 26])
def test_an_event_that_was_noted_is_found_again(desk: Desk, noted: int) -> None:
    rows = database_of(desk).read(
        lambda connection: list(ledger.stream_rows(connection, ledger.select_rows_after(0)))
    )
    point = Point(noted, rows[noted - 1]["hash"] if noted else ledger.GENESIS)
    assert verify(database_of(desk), [Anchor(point)]).is_intact
    assert verified(desk).point == Point(26, rows[-1]["hash"])


def test_an_end_that_was_cut_off_and_a_ledger_rewritten_show_beside_a_note(desk: Desk) -> None:
    noted = verified(desk).point
    again = verify(database_of(desk), [Anchor(Point(noted.seq, noted.hash[::-1]))])
    assert str(again.broken) == (
        "The ledger is broken at event 26: it was expected with another hash: the ledger was rewritten, or is that of"
        " another desk"
    )
    later = verify(database_of(desk), [Anchor(Point(27, noted.hash))])
    assert str(later.broken) == (
        "The ledger is broken at event 27: it was expected, and the ledger ends at event 26: it was cut short"
    )


def test_events_that_an_older_program_wrote_hold_without_the_digest_of_their_command(desk: Desk) -> None:
    database_of(desk).write(rewrite_as_before_0006)
    assert verified(desk).is_intact
    opened = Desk.open(address_of(desk), FixedClock(MONDAY_NINE))
    done(opened, Note("CD-4C00-W", "written by this program"))
    assert verified(opened).is_intact
    opened.close()


@pytest.mark.sqlite
def test_a_document_that_an_older_program_wrote_with_fewer_details_holds(desk: Desk, tamper: Tamper) -> None:
    tamper("UPDATE tickets SET state = json_remove(state, '$.links')", checked=False)
    assert verified(desk).is_intact


def test_lines_that_were_drawn_again_hold_at_the_event_that_moved_them(desk: Desk, tamper: Tamper) -> None:
    other = logged(desk)
    done(desk, ChangeDay("office", MONDAY_NINE.date() + timedelta(days=1), (), "as it happens"), by="sue")
    done(desk, SavePerson(Person("eve", "Eve", "user-support", (Role.AGENT,))), by="sue")
    assert verified(desk).is_intact
    [row] = [row for row in desk.queue().rows if row.ref == other]
    assert row.changed_seq < last(desk)
    tamper("UPDATE tickets SET changed_seq = changed_seq + 1")
    assert {each.key for each in verified(desk).mismatches} == {"CD-4C00-W", other}


def test_a_name_that_changed_is_where_a_line_was_drawn_last(desk: Desk, tamper: Tamper) -> None:
    done(desk, SaveOrganisation(Organisation("acme", "Acme plc", "max")), by="sue")
    done(desk, SaveOrganisation(Organisation("acme", "Acme plc", "rosa")), by="sue")
    assert verified(desk).is_intact
    tamper("UPDATE tickets SET changed_seq = changed_seq - 1")
    assert [each.key for each in verified(desk).mismatches] == ["CD-4C00-W"]


def test_what_others_write_while_it_looks_is_looked_at_in_the_end(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name, a ticket and an event come in between the chain and the tickets."""
    reader = database_of(desk).reader()
    moment = type(reader).moment
    reader.close()
    wrote: list[int] = []

    def write_first(self: Reader) -> AbstractContextManager[None]:
        if len(wrote) < 40:
            wrote.append(last(desk))
            if len(wrote) % 10 == 0:
                done(desk, SaveOrganisation(Organisation("acme", f"Acme {len(wrote)}", "max")), by="sue")
                done(desk, Note(logged(desk), "meanwhile"))
            done(desk, Note("CD-4C00-W", "meanwhile"))
        return moment(self)

    monkeypatch.setattr(type(reader), "moment", write_first)
    monkeypatch.setattr("supportdesk.store.verification.verify._BATCH", 1)
    found = verified(desk)
    assert found.findings == ()
    assert (found.events, found.tickets) == (last(desk), 5)


def test_a_line_that_was_drawn_again_without_an_event_of_its_own_holds(desk: Desk, tamper: Tamper) -> None:
    """As many hours on another part of a day move when a clock is at risk, and not when it is due."""
    ref = "CD-4C00-W"
    events = desk.ticket(ref).timeline
    done(desk, SavePerson(Person("eve", "Eve", "user-support", (Role.AGENT,))), by="sue")
    tomorrow = MONDAY_NINE.date() + timedelta(days=1)
    done(desk, ChangeDay("office", tomorrow, (("07:00", "17:00"),), "the builders come"), by="sue")
    assert desk.ticket(ref).timeline == events
    assert desk.ticket(ref).row.changed_seq == last(desk)
    done(desk, SavePerson(Person("tom", "Tom", "user-support", (Role.AGENT,))), by="sue")
    assert verified(desk).findings == ()
    tamper(f"UPDATE tickets SET changed_seq = changed_seq + 1 WHERE ref = '{ref}'")
    assert [each.key for each in verified(desk).mismatches] == [ref]
