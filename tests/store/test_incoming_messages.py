"""Every message that arrives is recorded once, with one state, together with what it causes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import text

from supportdesk.clock import FixedClock
from supportdesk.desk import Desk
from supportdesk.desk_api import Applied, Transaction
from supportdesk.store import ledger
from supportdesk.store.exchange.desk_move import move_desk
from supportdesk.tickets.actors import INTAKE
from supportdesk.tickets.incoming_message import INCOMING_MESSAGE, MessageState
from supportdesk.tickets.process.conversation import Note
from supportdesk.tickets.process.triage import Log
from supportdesk.tickets.record_undo import UndoRecord
from supportdesk.tickets.records.commands import EraseContact
from supportdesk.tickets.records.incoming_commands import AccountMessage, SettleMessage
from supportdesk.tickets.refusal import Refusal
from tests.databases import address_at
from tests.store.desks import REQUEST, database_of, done, events, furnished_desk, logged, refused, verified
from tests.store.exchanged import compare_round_trip
from tests.store.incoming import SUPPORT, account, arrival, mail, originals, stored
from tests.tickets.scenario import MONDAY_NINE

pytestmark = pytest.mark.usefixtures("database_kind")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A furnished desk, which is intact in the end."""
    with furnished_desk(tmp_path) as desk:
        yield desk
        found = verified(desk)
        assert found.is_intact, found


def records_seq(desk: Desk) -> int:
    return database_of(desk).read(ledger.read_head).records_seq


def account_refused(desk: Desk, command: AccountMessage) -> str:
    return refused(desk, command, by=INTAKE.key)


def repeated(desk: Desk, command: AccountMessage) -> bool:
    """Whether recording a message did nothing, because it was recorded before."""
    before = desk.changes(0).seq
    outcome = done(desk, command, by=INTAKE.key)
    assert outcome.repeated == (desk.changes(0).seq == before)
    return outcome.repeated


def test_a_message_is_recorded_with_its_original(desk: Desk) -> None:
    command = arrival(original=mail())
    message = account(desk, command)
    digest = hashlib.sha256(mail()).hexdigest()
    assert message == msgspec.structs.replace(
        command.message,
        key=message.key,
        original=digest,
        size=len(mail()),
        decided_by="intake",
        decided_at=MONDAY_NINE,
    )
    assert len(message.key) == 8
    assert originals(desk) == {digest: mail()}


def test_a_message_of_which_nothing_could_be_read_is_kept_whole(desk: Desk) -> None:
    original = bytes(range(256)) * 1_000
    command = arrival(
        state=MessageState.SET_ASIDE,
        original=original,
        message_id="",
        content_digest="",
        sender_address="",
        reason="it is not a mail",
    )
    message = account(desk, command)
    assert message.content_digest == message.original
    assert originals(desk)[message.original] == original


def test_an_export_of_a_desk_with_messages_makes_the_same_desk_again(desk: Desk, tmp_path: Path) -> None:
    account(desk, arrival(1))
    message = account(desk, arrival(2))
    done(desk, SettleMessage(message.key, "refused", reason="advertising"))
    compare_round_trip(database_of(desk), tmp_path)


def test_what_arrives_while_a_desk_moves_is_there_at_the_new_place(desk: Desk, tmp_path: Path) -> None:
    waiting = account(desk, arrival(1))

    def report(step: str) -> None:
        if step.startswith("Verifying the copy"):
            account(desk, arrival(2))
            done(desk, SettleMessage(waiting.key, "refused", reason="advertising"))

    target = address_at(tmp_path / "elsewhere" / "moved.db")
    source, before = database_of(desk), stored(desk)
    assert move_desk(source, target, now=MONDAY_NINE, report=report).target.is_intact
    with closing(Desk.open(target, FixedClock(MONDAY_NINE))) as moved:
        assert [each.state for each in stored(moved)] == [MessageState.QUARANTINE, MessageState.REFUSED]
        assert len(stored(moved)) == len(before) + 1
        assert len(originals(moved)) == 2


def test_consoles_do_not_read_the_reference_data_again_for_a_message(desk: Desk) -> None:
    before, since = records_seq(desk), desk.changes(0).seq
    message = account(desk, arrival())
    done(desk, SettleMessage(message.key, "refused", reason="advertising"))
    assert records_seq(desk) == before
    assert desk.changes(since).records == frozenset({INCOMING_MESSAGE})


def test_a_message_is_recorded_once_whatever_the_id_of_its_command(desk: Desk) -> None:
    assert not repeated(desk, arrival())
    assert repeated(desk, arrival())
    assert repeated(desk, arrival(state=MessageState.REFUSED))
    assert [each.state for each in stored(desk)] == [MessageState.QUARANTINE]
    first, again = (desk.do(arrival(2), by=INTAKE.key, command_id="mail 2") for _ in range(2))
    assert isinstance(first, Applied)
    assert isinstance(again, Applied)
    assert (first.repeated, again.repeated) == (False, True)


def test_a_source_that_does_not_tell_its_messages_apart_has_each_once(desk: Desk) -> None:
    assert not repeated(desk, arrival(identity=""))
    assert repeated(desk, arrival(identity=""))
    assert repeated(desk, arrival(identity="7:1"))


def test_a_second_copy_is_a_duplicate_and_nothing_else(desk: Desk) -> None:
    copy = arrival(identity="7:99", state=MessageState.DUPLICATE, reason="it is the same message")
    assert "so it is no duplicate" in account_refused(desk, copy)
    first = account(desk, arrival())
    asked = arrival(identity="7:99", state=MessageState.REFUSED)
    assert account_refused(desk, asked) == (
        f"a message with this Message-ID and content arrived before, and is {first.key}: this one is a duplicate"
    )
    assert not repeated(desk, copy)
    assert repeated(desk, copy)
    elsewhere = replace(copy, message=msgspec.structs.replace(copy.message, source="help@claritum.example"))
    assert not repeated(desk, elsewhere)
    assert sorted((each.source, each.state) for each in stored(desk)) == [
        ("help@claritum.example", "duplicate"),
        (SUPPORT, "duplicate"),
        (SUPPORT, "quarantine"),
    ]
    assert len(originals(desk)) == 1


def test_the_same_message_id_with_other_content_is_another_message(desk: Desk) -> None:
    account(desk, arrival())
    other = arrival(original=mail("something else"), identity="7:2")
    account(desk, other)
    assert len(stored(desk)) == 2
    copy = msgspec.structs.replace(other.message, state=MessageState.DUPLICATE, content_digest="ab" * 32)
    assert "no duplicate" in account_refused(desk, replace(other, message=copy))


def test_messages_without_an_id_and_with_the_same_content_may_be_two(desk: Desk) -> None:
    account(desk, arrival(message_id=""))
    assert not repeated(desk, arrival(message_id="", identity="7:2"))
    assert len({each.key for each in stored(desk)}) == 2


def test_what_is_not_there_is_refused(desk: Desk) -> None:
    wrong = arrival(state=MessageState.TICKET, ref="CD-4C01-T")
    assert account_refused(desk, wrong) == "there is no ticket CD-4C01-T"
    assert "there is no contact 'nobody'" in account_refused(desk, arrival(contact="nobody"))
    assert "name of the mailbox" in account_refused(desk, arrival(source=""))
    assert "there is no message 'x'" in refused(desk, SettleMessage("x", "refused", reason="advertising"))
    assert "only an administrator" in refused(desk, arrival(), by="ann")


def test_everybody_settles_what_waits_and_only_once(desk: Desk) -> None:
    ref = logged(desk)
    message = account(desk, arrival())
    done(desk, SettleMessage(message.key, "message", ref.lower(), contact="jo"), by="sam")
    (settled,) = stored(desk)
    assert settled == msgspec.structs.replace(
        message, state=MessageState.MESSAGE, ref=ref, contact="jo", reason="", decided_by="sam"
    )
    assert refused(desk, SettleMessage(message.key, "refused", reason="too late")) == (
        f"it is recorded as message ({ref}), by Sam on Mon 23 Nov 2026 09:00 GMT; that is final"
    )


def test_a_contacts_message_is_settled_whatever_became_of_them(desk: Desk) -> None:
    message = account(desk, arrival(contact="kim"))
    done(desk, EraseContact("kim"), by="sue")
    assert "there is no contact 'kim'" in refused(
        desk, SettleMessage(message.key, "refused", reason="advertising", contact="kim")
    )
    done(desk, SettleMessage(message.key, "refused", reason="advertising"))
    (settled,) = stored(desk)
    assert settled.state is MessageState.REFUSED


def test_what_became_of_a_message_is_not_undone(desk: Desk) -> None:
    message = account(desk, arrival())
    done(desk, SettleMessage(message.key, "refused", reason="advertising"))
    assert desk.last_record_change("ann") is None
    seq = desk.changes(0).seq
    assert "what became of a message is final" in refused(desk, UndoRecord(seq))


def test_a_ticket_and_its_message_are_written_together(desk: Desk) -> None:
    def work(do: Transaction) -> tuple[str, Applied]:
        outcome = do(Log(**{**REQUEST, "channel": "email"}), by=INTAKE.key, command_id="log 1")
        assert isinstance(outcome, Applied)
        assert outcome.ref is not None
        accounted = do(
            arrival(state=MessageState.TICKET, ref=outcome.ref), by=INTAKE.key, command_id="account 1"
        )
        assert isinstance(accounted, Applied)
        return outcome.ref, accounted

    written = desk.transaction(work)
    assert not isinstance(written, Refusal)
    ref, accounted = written
    assert not accounted.repeated
    assert [each.ref for each in stored(desk)] == [ref]
    # A killed intake sends both again.
    again = desk.transaction(work)
    assert not isinstance(again, Refusal)
    assert (again[0], again[1].repeated) == (ref, True)
    assert len(desk.queue().rows) == len(stored(desk)) == 1


def test_what_was_begun_before_an_erasure_is_refused_in_a_transaction_too(desk: Desk) -> None:
    log, begun = Log(**{**REQUEST, "description": "Kim Lo rang"}), desk.changes(0).seq
    done(desk, EraseContact("kim"), by="sue")
    outcome = desk.transaction(lambda do: do(log, by="ann", command_id="log 1", begun=begun))
    assert isinstance(outcome, Refusal)
    assert "a contact was erased after this was begun" in outcome.reason
    assert desk.queue().rows == []


def test_a_message_and_its_ticket_change_together_or_not_at_all(desk: Desk) -> None:
    ref = logged(desk)
    before = desk.changes(0).seq

    class KilledError(Exception):
        pass

    def work(do: Transaction) -> None:
        assert isinstance(do(Note(ref, "Jo wrote"), by="ann", command_id="note 1"), Applied)
        assert isinstance(
            do(arrival(state=MessageState.MESSAGE, ref=ref), by=INTAKE.key, command_id="account 1"), Applied
        )
        raise KilledError

    with pytest.raises(KilledError):
        desk.transaction(work)
    assert desk.changes(0).seq == before
    assert events(desk, ref) == ["logged"]
    assert stored(desk) == []
    assert originals(desk) == {}


def test_two_messages_whose_digests_begin_alike_have_keys_of_their_own(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    digests = iter(("aaaaaaaa" + "b" * 56, "aaaaaaaa" + "c" * 56, "aaaaaaaa" + "cd" * 28))
    monkeypatch.setattr(
        "supportdesk.store.incoming_queries.compute_key_digest", lambda message: next(digests)
    )
    for number in range(3):
        account(desk, arrival(number))
    assert [each.key for each in stored(desk)] == ["aaaaaaaa", "aaaaaaaac", "aaaaaaaacd"]


@pytest.mark.parametrize(
    ("statement", "finding"),
    [
        ("UPDATE incoming_messages SET state = 'refused'", "differs from the ledger: state"),
        ("UPDATE incoming_messages SET source = 'x'", "differs from the ledger: source"),
        ("UPDATE incoming_messages SET message_id = ''", "differs from the ledger: message_id"),
        (
            "UPDATE incoming_messages SET received_at = received_at + 1",
            "differs from the ledger: received_at",
        ),
        ("DELETE FROM incoming_messages", "it is missing"),
        ("UPDATE attachments SET content = content || content", "it is not the message that arrived"),
        ("DELETE FROM attachments", "it is missing"),
    ],
)
def test_whatever_is_changed_in_the_account_is_found(tmp_path: Path, statement: str, finding: str) -> None:
    with furnished_desk(tmp_path) as desk:
        account(desk, arrival())
        assert verified(desk).is_intact
        database_of(desk).write(lambda connection: connection.execute(text(statement)))
        assert any(finding in str(each) for each in verified(desk).findings), verified(desk).findings
