"""Whatever somebody changes behind the desk's back is found, and named."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from supportdesk.desk import Desk
from supportdesk.store import ledger
from supportdesk.store.connect import open_database
from supportdesk.store.verify import Mismatch
from supportdesk.tickets.command import TEXT_LIMIT
from supportdesk.tickets.people import Organisation
from supportdesk.tickets.process.assignment import Claim
from supportdesk.tickets.process.resolution import Reply
from supportdesk.tickets.process.triage import Note
from supportdesk.tickets.records import KeepOrganisation
from tests.store.furnished import done, furnished_desk, logged, verified

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
    database = open_database(str(tmp_path / "desk.db"))

    def run(*statements: str) -> None:
        connection = database.connect()
        connection.execute("PRAGMA foreign_keys = OFF")
        for statement in statements:
            assert connection.execute(statement).rowcount
        connection.close()

    yield run
    database.close()


def last(desk: Desk) -> int:
    """The number of the last event."""
    return desk.queue().seq


def test_a_desk_that_nobody_tampered_with_holds(desk: Desk) -> None:
    found = verified(desk)
    assert found.holds
    assert (found.events, found.tickets, found.erased) == (last(desk), 1, 0)
    assert len(found.head) == 64


@pytest.mark.parametrize("stretch", [1, 3, 25, 26, 27])
def test_a_ledger_is_walked_to_its_end_in_stretches_of_any_length(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, stretch: int
) -> None:
    whole = verified(desk)
    monkeypatch.setattr("supportdesk.store.verify._STRETCH", stretch)
    assert verified(desk) == whole
    assert whole.events == 26


def test_an_empty_desk_holds(tmp_path: Path) -> None:
    desk = Desk.create(str(tmp_path / "empty.db"))
    found = verified(desk)
    assert found.holds
    assert (found.events, found.head) == (0, ledger.GENESIS)
    desk.close()


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        (
            "UPDATE ledger SET payload = replace(payload, 'usual', 'worst') WHERE seq = {last}",
            "what it says was changed",
        ),
        ("UPDATE ledger SET salt = NULL WHERE seq = {last}", "what it says was changed"),
        ("UPDATE ledger SET actor = 'sam' WHERE seq = {last}", "it was changed"),
        ("UPDATE ledger SET at = at - 3600 WHERE seq = {last}", "it was changed"),
        ("UPDATE ledger SET ref = 'CD-4C01-T' WHERE seq = {last}", "it was changed"),
        ("UPDATE ledger SET event = 'replied' WHERE seq = {last}", "it was changed"),
        ("UPDATE ledger SET command_id = 'x' WHERE seq = {last}", "it was changed"),
        ("UPDATE ledger SET payload_digest = 'x' WHERE seq = {last}", "it was changed"),
        ("UPDATE ledger SET hash = 'x' WHERE seq = {last}", "it was changed"),
        ("UPDATE ledger SET previous = 'x' WHERE seq = {last}", "it does not follow"),
        ("DELETE FROM ledger WHERE seq = {last}", "the head tells of"),
        ("UPDATE head SET seq = seq - 1", "the head tells of"),
        ("UPDATE head SET next_ticket = 0", "the head does not count"),
    ],
)
def test_an_event_that_is_tampered_with_is_named(
    desk: Desk, tamper: Tamper, statement: str, reason: str
) -> None:
    end = last(desk)
    tamper(statement.format(last=end))
    found = verified(desk)
    assert not found.holds
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
    """Whoever can write the file can write the whole chain anew; then only a noted hash of its end tells."""
    before = verified(desk)
    database = open_database(str(desk._database.path))
    seq = last(desk) - 1

    def forge(connection: object) -> None:
        assert hasattr(connection, "execute")
        row = dict(
            connection.execute(text("SELECT * FROM ledger WHERE seq = :seq"), {"seq": seq}).mappings().one()
        )
        row["actor"] = "sam"
        connection.execute(
            text("UPDATE ledger SET actor = 'sam', hash = :hash WHERE seq = :seq"),
            {"hash": ledger.link_hash(row), "seq": seq},
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
        ("UPDATE tickets SET ref = 'CD-4C01-T'", ("tickets", "CD-4C01-T", "knows nothing")),
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
    assert not found.holds
    table, key, reason = mismatch
    assert any(
        each.table == table and each.key.startswith(key) and reason in each.reason
        for each in found.mismatches
    ), found.mismatches


def test_erased_words_leave_the_chain_whole_and_are_counted(desk: Desk, tamper: Tamper) -> None:
    tamper(f"UPDATE ledger SET payload = NULL, salt = NULL WHERE seq = {last(desk)}")
    found = verified(desk)
    assert found.holds
    assert found.erased == 1
    assert desk.ticket("CD-4C00-W").timeline[-1].sentence == "(erased)"


def test_erased_words_of_one_ticket_do_not_hide_what_was_done_to_another(desk: Desk, tamper: Tamper) -> None:
    erased = last(desk)
    other = logged(desk)
    tamper(
        f"UPDATE ledger SET payload = NULL, salt = NULL WHERE seq = {erased}", "UPDATE tickets SET rung = 3"
    )
    assert [each.key for each in verified(desk).mismatches] == [other]


def test_a_line_that_was_drawn_anew_for_another_name_holds(desk: Desk) -> None:
    done(desk, KeepOrganisation(Organisation("acme", "Acme plc", "max")))
    assert verified(desk).holds
    assert desk.queue().rows[0].changed_seq == last(desk)


def test_what_is_found_says_what_it_is(desk: Desk, tamper: Tamper) -> None:
    tamper("UPDATE tickets SET severity = 'low', rung = 2")
    assert verified(desk).mismatches == (
        Mismatch("tickets", "CD-4C00-W", "not what the ledger makes of it: severity, rung"),
    )
