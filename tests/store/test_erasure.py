"""Erasing a contact: nothing of them is left in any byte, and the chain, the tickets and the figures stay."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from supportdesk.clock import FixedClock
from supportdesk.desk import Desk
from supportdesk.desk_api import Applied
from supportdesk.past import PastDesk
from supportdesk.reports.board import build_board, needed_since
from supportdesk.store.erasure import attestation
from supportdesk.store.errors import DeskUnavailableError
from supportdesk.store.exchange.desk_move import move_desk
from supportdesk.store.findings import Findings
from supportdesk.store.read_models import Erasure
from supportdesk.store.verification import verify as verification
from supportdesk.store.verification.chain import Chain
from supportdesk.store.verification.tickets import TicketComparison
from supportdesk.tickets.documents import ERASED, Contact, Organisation
from supportdesk.tickets.process.conversation import Note, RecordCall
from supportdesk.tickets.process.triage import Log
from supportdesk.tickets.record_undo import UndoRecord
from supportdesk.tickets.records.commands import EraseContact, SaveContact, SaveOrganisation
from supportdesk.tickets.refusal import Refusal
from tests.store.conftest import Tamper
from tests.store.desks import database_of, done, logged, refused, verified
from tests.store.erased import NAME, SPELLINGS, ZOE, find_traces, named_desk, traces_of
from tests.tickets.scenario import MONDAY_NINE

pytestmark = pytest.mark.usefixtures("database_kind")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A furnished desk on which a contact is named everywhere."""
    with named_desk(tmp_path) as desk:
        yield desk


def erase(desk: Desk, contact: str = ZOE.key, *, by: str = "sue") -> int:
    """Erase a contact, and return the number of the erasure."""
    seq = done(desk, EraseContact(contact), by=by).seq
    desk.remove_traces()
    return seq


def test_no_byte_of_the_desk_names_an_erased_contact(desk: Desk, tmp_path: Path) -> None:
    assert len(traces_of(desk)) > len(SPELLINGS), "the search finds what is there"
    erase(desk)
    assert traces_of(desk) == []
    assert verified(desk).findings == ()


@pytest.mark.sqlite
def test_nothing_is_left_in_what_a_deleted_or_replaced_row_left_before(desk: Desk, tmp_path: Path) -> None:
    done(desk, SaveContact(Contact(ZOE.key, "acme", "Zoe Married-Name")))
    done(desk, SaveContact(ZOE))
    erase(desk)
    assert traces_of(desk) == []
    assert b"arried-" not in (tmp_path / "desk.db").read_bytes()


def test_tickets_stay_and_show_erased(desk: Desk) -> None:
    rows = {row.ref: row for row in desk.queue().rows}
    erase(desk)
    after = {row.ref: row for row in desk.queue().rows}
    assert after.keys() == rows.keys()
    changed = [ref for ref, row in after.items() if row.contact != rows[ref].contact]
    assert len(changed) == 2
    assert {after[ref].contact for ref in changed} == {ERASED}
    first, _, other = sorted(rows)
    view = desk.ticket(first)
    assert view.ticket.summary == f"{ERASED} cannot print"
    assert view.contact == Contact("erased-1", "acme", ERASED)
    assert desk.ticket(other).contact.name == "Jo Park"
    assert desk.ticket(other).ticket.summary == f"Ask {ERASED}"
    assert f"I spoke with {ERASED}." in [
        entry.phrase.text for entry in desk.ticket(other).timeline if entry.phrase is not None
    ]


def test_the_last_erasure_is_found_by_its_number_and_time(desk: Desk) -> None:
    assert desk.find_last_erasure() is None
    seq = erase(desk)
    logged(desk)
    assert desk.find_last_erasure() == Erasure(seq, MONDAY_NINE)


def test_the_figures_are_the_same(desk: Desk) -> None:
    before = figures(desk)
    erase(desk)
    assert figures(desk) == before


def figures(desk: Desk) -> tuple[object, ...]:
    """The figures of the board a week later."""
    now = desk.now() + timedelta(days=7)
    policy = desk.policy_at(now)
    board = build_board(
        desk.history(needed_since(now, policy.timezone)), desk.policies, policy, desk.roster(), now
    )
    return board.month, board.breaches, board.people, board.teams, board.weeks, board.ages, board.unpaged


def test_every_console_sees_which_tickets_changed(desk: Desk) -> None:
    since = desk.queue().seq
    erase(desk)
    changes = desk.changes(since)
    assert len(changes.rows) == 3
    assert changes.records == frozenset({"contact"})
    assert changes.erased
    assert not desk.changes(changes.seq).erased


def test_the_past_shows_erased_too(desk: Desk, tmp_path: Path) -> None:
    erase(desk)
    past = PastDesk.open(address_of(desk), MONDAY_NINE, present=FixedClock(MONDAY_NINE))
    try:
        past.controls.pause()
        past.controls.seek(MONDAY_NINE)
        rows = past.queue().rows
        assert {row.contact for row in rows} == {ERASED, "Jo Park"}
        assert past.find_callers("erased") == []
    finally:
        past.close()


def test_an_open_replay_forgets_them(desk: Desk) -> None:
    seconds = [0.0]
    past = PastDesk.open(
        address_of(desk), MONDAY_NINE, present=FixedClock(MONDAY_NINE), monotonic=lambda: seconds[0]
    )
    try:
        past.controls.pause()
        past.controls.seek(MONDAY_NINE)
        seen = past.queue().seq
        erase(desk)
        seconds[0] = 4.9
        assert not past.wait_for_change(0)
        seconds[0] = 5.0
        assert past.wait_for_change(0)
        changes = past.changes(seen)
        assert changes.erased
        assert len(changes.rows) == 3
        assert past.find_callers("mueller") == []
        views = [past.ticket(row.ref) for row in past.queue().rows]
        assert {ERASED} <= {view.contact.name for view in views}
        assert not any("ller" in str(view) for view in views)
        assert not past.changes(changes.seq).erased
        seconds[0] = 30.0
        assert not past.wait_for_change(0)
    finally:
        past.close()


def test_nobody_finds_an_erased_contact(desk: Desk) -> None:
    assert desk.find_callers("mueller")
    assert desk.find_callers("020 7946 0321")
    erase(desk)
    done(desk, SaveOrganisation(Organisation("acme", "Acme Holding")))
    for typed in ("zoe", "mueller", "020 7946 0321", "erased", "[erased]", "holding erased", "zoé müler"):
        assert all(caller.contact.key in ("jo", "kim", "new") for caller in desk.find_callers(typed)), typed
    assert {each.key for each in desk.contacts("acme")} == {"jo", "kim", "new"}
    assert desk.find_records(Contact).count == 3
    assert verified(desk).findings == ()


def test_a_first_name_alone_is_erased_only_in_the_contacts_own_tickets(desk: Desk) -> None:
    ref = logged(desk, summary="Another Zoe cannot print", contact="jo")
    own = min(row.ref for row in desk.queue().rows)
    erase(desk)
    assert desk.ticket(ref).ticket.summary == "Another Zoe cannot print"
    assert "zoe" not in str(desk.ticket(own)).lower()


def test_only_supervisors_and_administrators_erase(desk: Desk) -> None:
    said = refused(desk, EraseContact(ZOE.key), by="ann")
    assert "only an administrator or a supervisor (Dora or Sue) may do this; Ann may not" in said
    preview = desk.preview_erasure(ZOE.key, by="ann")
    assert isinstance(preview, Refusal)
    assert preview.reason == said


def test_an_erased_contact_is_neither_erased_nor_saved_nor_named_again(desk: Desk) -> None:
    erase(desk)
    assert "erased already" in refused(desk, EraseContact("erased-1"), by="sue")
    assert "nothing is left of one who was erased before" in refused(desk, EraseContact(ZOE.key), by="sue")
    assert "was erased" in refused(desk, SaveContact(Contact("erased-1", "acme", NAME)))
    assert "belong to contacts who were erased" in refused(
        desk, SaveContact(Contact("erased-2", "acme", "Pat"), new=True)
    )
    request = Log("high", "phone", "acme", "erased-1", "They rang again")
    assert "was erased" in refused(desk, request)


def test_an_erasure_cannot_be_undone(desk: Desk) -> None:
    done(desk, SaveContact(Contact("jo", "acme", "Jo Parker")), by="sue")
    earlier = desk.last_record_change("sue")
    assert earlier is not None
    erase(desk, "jo")
    change = desk.last_record_change("sue")
    assert change is not None
    assert "an erasure cannot be undone" in refused(desk, UndoRecord(change.seq), by="sue")
    assert "since" in refused(desk, UndoRecord(earlier.seq), by="sue")


def test_an_erasure_sent_again_is_carried_out_once(desk: Desk) -> None:
    first = done(desk, EraseContact(ZOE.key), by="sue", command_id="once")
    again = done(desk, EraseContact(ZOE.key), by="sue", command_id="once")
    assert again.repeated
    assert again.seq == first.seq


def test_a_command_with_erased_texts_is_not_carried_out_again(desk: Desk) -> None:
    ref = logged(desk)
    note = Note(ref, f"{NAME} rang")
    done(desk, note, command_id="a note")
    erase(desk)
    assert "a contact in it was erased since" in refused(desk, note, command_id="a note")


def test_what_was_begun_before_an_erasure_is_refused_afterwards(desk: Desk) -> None:
    ref, begun = logged(desk, contact="jo"), desk.queue().seq
    seq = erase(desk)
    for command in (
        Note(ref, f"{NAME} rang"),
        Log("high", "phone", "acme", NAME, "They rang", new_contact=True),
    ):
        outcome = desk.do(command, by="ann", begun=begun)
        assert isinstance(outcome, Refusal)
        assert "a contact was erased after this was begun" in outcome.reason
    assert isinstance(desk.do(Note(ref, "They rang"), by="ann", begun=seq), Applied)
    assert traces_of(desk) == []


def test_an_erased_contacts_key_becomes_no_new_contact(desk: Desk) -> None:
    ref = logged(desk, contact="jo")
    erase(desk)
    for new in (False, True):
        request = Log("high", "phone", "acme", ZOE.key, "They rang again", new_contact=new)
        assert "there is no contact with the key" in refused(desk, request)
    assert "not a contact" in refused(desk, RecordCall(ref, "they rang", contact=ZOE.key))
    changed = replace(ZOE, super_user=True)
    assert "removed or erased in the meantime" in refused(desk, SaveContact(changed, was=ZOE))
    assert traces_of(desk) == []


def test_work_goes_on_on_the_tickets_of_an_erased_contact(desk: Desk) -> None:
    erase(desk)
    ref = next(row.ref for row in desk.queue().rows if row.contact == ERASED)
    done(desk, Note(ref, "still open"))
    done(desk, RecordCall(ref, "somebody else rang", contact="kim"))
    assert verified(desk).findings == ()


def test_two_contacts_are_erased_one_after_the_other(desk: Desk, tmp_path: Path) -> None:
    ref = logged(desk, contact="kim", summary=f"Kim Lo and {NAME} cannot print")
    erase(desk)
    assert desk.ticket(ref).ticket.summary == f"Kim Lo and {ERASED} cannot print"
    erase(desk, "kim")
    assert desk.ticket(ref).ticket.summary == f"{ERASED} and {ERASED} cannot print"
    assert desk.ticket(ref).contact.key == "erased-2"
    assert traces_of(desk) == []
    assert verified(desk).findings == ()


def test_the_preview_says_what_changes(desk: Desk) -> None:
    preview = desk.preview_erasure(ZOE.key, by="sue")
    assert not isinstance(preview, Refusal)
    assert (preview.tickets, preview.open, preview.others, preview.records) == (2, 2, 1, 3)
    seq = erase(desk)
    attested = [each for each in attestations(desk) if each[0] == seq]
    assert preview.events == len(attested)


def address_of(desk: Desk) -> str:
    """The address at which a desk is opened a second time."""
    return str(getattr(desk._database, "uri", "") or desk._database.location)


def attestations(desk: Desk) -> list[tuple[int, attestation.Attestation]]:
    """What every erasure attests."""
    return desk._database.read(attestation.load_erased_hashes)


@pytest.mark.sqlite
def test_an_erased_event_that_is_put_back_is_found(desk: Desk, tamper: Tamper, tmp_path: Path) -> None:
    backup = tmp_path / "backup.db"
    database_of(desk).back_up(backup)
    erase(desk)
    columns = "actor, payload, salt, payload_digest"
    tamper(
        f"ATTACH '{backup}' AS before",
        f"UPDATE ledger SET ({columns}) = (SELECT {columns} FROM before.ledger AS old WHERE old.seq = ledger.seq)"
        " WHERE seq <= (SELECT max(seq) FROM before.ledger)",
        checked=False,
    )
    assert any("is not what the erasure" in str(each) for each in verified(desk).findings)


@pytest.mark.sqlite
def test_a_desk_moves_after_an_erasure_but_not_during_one(desk: Desk, tmp_path: Path) -> None:
    database = database_of(desk)

    def erase_during(step: str) -> None:
        if step == "Verifying the copy":
            erase(desk)

    with pytest.raises(DeskUnavailableError, match="a contact was erased while the desk was copied"):
        move_desk(database, str(tmp_path / "first.db"), now=MONDAY_NINE, report=erase_during)
    logged(desk)
    moved = move_desk(database, str(tmp_path / "second.db"), now=MONDAY_NINE, report=lambda step: None)
    assert moved.target.findings == ()
    assert find_traces(tmp_path / "second.db") == []


def test_what_is_written_during_an_erasure_is_erased_or_follows_it(desk: Desk, tmp_path: Path) -> None:
    ref = logged(desk)
    second = Desk.open(address_of(desk), FixedClock(MONDAY_NINE))
    ready, written = threading.Event(), []

    def write() -> None:
        for number in range(20):
            written.append(done(second, Note(ref, f"{number}: {NAME}"), by="sam").seq)
            ready.set()

    writer = threading.Thread(target=write)
    writer.start()
    ready.wait()
    erasure = done(desk, EraseContact(ZOE.key), by="sue").seq
    writer.join()
    second.close()
    texts = {
        entry.command_seq: entry.phrase.text
        for entry in desk.ticket(ref).timeline
        if entry.event == "noted" and entry.phrase is not None
    }
    assert len(texts) == 20
    assert all((ERASED in texts[seq]) == (seq < erasure) for seq in written)
    assert verified(desk).findings == ()


def test_verify_starts_again_when_a_contact_is_erased_meanwhile(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared = []

    class ErasesFirst(TicketComparison):
        def __init__(self, chain: Chain, findings: Findings) -> None:
            super().__init__(chain, findings)
            compared.append(chain.seq)
            if len(compared) == 1:
                done(desk, EraseContact(ZOE.key), by="sue")

    monkeypatch.setattr(verification, "TicketComparison", ErasesFirst)
    assert verified(desk).findings == ()
    assert compared == [compared[0], compared[0] + 1]
