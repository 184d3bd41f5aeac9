"""A voicemail and a missed call are records with one state each: they wait until a person has decided about them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from supportdesk.clock import FixedClock
from supportdesk.desk import Desk
from supportdesk.desk_api import Applied
from supportdesk.past import PastDesk
from supportdesk.tickets.actors import INTAKE
from supportdesk.tickets.documents import ERASED
from supportdesk.tickets.incoming_message import INCOMING_MESSAGE, IncomingMessage, MessageState
from supportdesk.tickets.process.customer_message import AddCustomerMessage
from supportdesk.tickets.record_undo import UndoRecord
from supportdesk.tickets.records.commands import EraseContact
from supportdesk.tickets.records.incoming_commands import AccountMessage, SettleMessage
from supportdesk.tickets.records.voicemail_commands import AddTranscript, MarkHeard, RecordMissedCall
from supportdesk.tickets.voicemail import Voicemail
from tests.store.desks import address_of, database_of, done, furnished_desk, logged, refused, verified
from tests.store.erased import NAME, ZOE, named_desk, traces_of
from tests.store.exchanged import compare_round_trip
from tests.store.incoming import arrival, originals, stored
from tests.tickets.scenario import MONDAY_NINE

pytestmark = pytest.mark.usefixtures("database_kind")

NUMBER = "+442079460018"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A furnished desk, which is intact in the end, and after an export."""
    with furnished_desk(tmp_path) as desk:
        yield desk
        assert verified(desk).is_intact, verified(desk)
        compare_round_trip(database_of(desk), tmp_path)


def voicemail(number: int = 1, state: MessageState = MessageState.NOT_HEARD, **fields: Any) -> AccountMessage:
    """The command that records a voicemail; its number tells it from others, and its minute."""
    known: dict[str, Any] = {
        "source": "calls",
        "source_kind": "folder",
        "identity": f"{number}.wav",
        "received_at": MONDAY_NINE - timedelta(minutes=60 - number),
        "message_id": "",
        "content_digest": "",
        "sender_address": NUMBER,
        "sender_name": "",
        "subject": "Voicemail",
        "reason": "" if state is MessageState.NOT_HEARD else "nobody speaks",
        "voicemail": Voicemail("wav", 12.5, 80),
    }
    return arrival(state=state, original=b"RIFF%d" % number, **{**known, **fields})


def missed(minute: int = 0, **fields: Any) -> RecordMissedCall:
    """The command that records a missed call."""
    known: dict[str, Any] = {
        "key": "",
        "source": "telephone",
        "state": MessageState.MISSED_CALL,
        "received_at": MONDAY_NINE - timedelta(minutes=minute),
        "sender_address": NUMBER,
        "voicemail": Voicemail(is_missed_call=True),
    }
    return RecordMissedCall(IncomingMessage(**{**known, **fields}))


def taken_in(desk: Desk, command: AccountMessage | None = None) -> IncomingMessage:
    done(desk, command or voicemail(), by=INTAKE.key)
    return stored(desk)[-1]


def test_voicemails_and_missed_calls_wait_the_oldest_first_until_somebody_decided(desk: Desk) -> None:
    first, empty = taken_in(desk), taken_in(desk, voicemail(2, MessageState.EMPTY))
    taken_in(desk, voicemail(3, MessageState.SET_ASIDE))
    done(desk, missed(minute=90), by="sam")
    done(desk, arrival(4), by=INTAKE.key)
    waiting = desk.waiting_voicemails()
    assert [each.state for each in waiting.messages] == ["missed call", "not heard", "empty"]
    assert (waiting.count, waiting.not_heard) == (3, 2)
    with closing(PastDesk.open(address_of(desk), MONDAY_NINE, present=FixedClock(MONDAY_NINE))) as past:
        assert past.waiting_voicemails() == waiting
    assert desk.waiting_voicemails(1).messages == waiting.messages[:1]
    done(desk, MarkHeard(first.key), by="sam")
    assert desk.waiting_voicemails().not_heard == 1
    done(desk, SettleMessage(first.key, "dismissed", reason="wrong number"))
    done(desk, SettleMessage(empty.key, "dismissed", reason="nobody speaks"))
    done(desk, SettleMessage(waiting.messages[0].key, "message", logged(desk), contact="jo"))
    assert desk.waiting_voicemails().count == 0
    assert desk.incoming_original(first.key) == b"RIFF1"


def test_consoles_see_that_a_voicemail_changed(desk: Desk) -> None:
    for command, by in ((voicemail(), INTAKE.key), (missed(), "sam")):
        since = desk.changes(0).seq
        done(desk, command, by=by)
        assert desk.changes(since).records == frozenset({INCOMING_MESSAGE})


def test_a_voicemail_is_heard_once_and_still_waits(desk: Desk) -> None:
    key = taken_in(desk).key
    done(desk, MarkHeard(key), by="sam")
    heard = stored(desk)[-1]
    assert heard.voicemail == Voicemail("wav", 12.5, 80, heard_by="sam", heard_at=MONDAY_NINE)
    assert (heard.state, heard.is_settled) == (MessageState.HEARD, False)
    assert refused(desk, MarkHeard(key)) == (
        "Sam listened to it on Mon 23 Nov 2026 09:00 GMT; decide what becomes of it"
    )
    assert "there is no voicemail 'x'" in refused(desk, MarkHeard("x"))


def test_only_a_person_makes_something_of_a_voicemail(desk: Desk) -> None:
    ref = logged(desk)
    for state in (MessageState.TICKET, MessageState.MESSAGE):
        assert "a voicemail is not recorded as" in refused(desk, voicemail(1, state, ref=ref), by=INTAKE.key)
    heard = Voicemail("wav", heard_by="ann", heard_at=MONDAY_NINE)
    assert "nobody has listened" in refused(desk, voicemail(voicemail=heard), by=INTAKE.key)
    key = taken_in(desk).key
    assert "only a member of staff" in refused(desk, SettleMessage(key, "ticket", ref), by=INTAKE.key)
    done(desk, arrival(2), by=INTAKE.key)
    mail = next(each.key for each in stored(desk) if each.voicemail is None)
    assert "refuse mail" in refused(desk, SettleMessage(mail, "dismissed", reason="x"))
    assert "why it is dismissed" in refused(desk, SettleMessage(key, "dismissed"))
    done(desk, SettleMessage(key, "ticket", ref))
    assert "that is final" in refused(desk, SettleMessage(key, "dismissed", reason="x"))
    assert "recorded as ticket" in refused(desk, MarkHeard(key))
    assert "is final" in refused(desk, UndoRecord(desk.changes(0).seq))


def test_the_same_recording_again_is_a_duplicate(desk: Desk) -> None:
    first = taken_in(desk)
    again = voicemail()
    assert done(desk, again, by=INTAKE.key).repeated
    copy = structs.replace(again.message, identity="copy.wav")
    assert refused(desk, AccountMessage(copy, again.original), by=INTAKE.key) == (
        f"this recording arrived before, and is {first.key}: this one is a duplicate"
    )
    duplicate = structs.replace(copy, state=MessageState.DUPLICATE, reason="it is the same")
    done(desk, AccountMessage(duplicate, again.original), by=INTAKE.key)
    assert desk.waiting_voicemails().count == 1


@pytest.mark.parametrize("message_id", ["", "2@example.com"])
def test_the_same_recording_of_another_caller_is_another_voicemail(desk: Desk, message_id: str) -> None:
    first = taken_in(desk)
    for number, identity in (("+442079460019", "1.wav"), ("+442079460020", "")):
        other = voicemail(sender_address=number, identity=identity, message_id=message_id)
        assert not done(desk, other, by=INTAKE.key).repeated
        duplicate = voicemail(2, MessageState.DUPLICATE, sender_address="+442079460021")
        same_content = replace(duplicate, original=other.original)
        assert "it is no duplicate" in refused(desk, same_content, by=INTAKE.key)
    assert {each.content_digest for each in stored(desk)} == {first.content_digest}
    assert desk.waiting_voicemails().count == 3


def test_mail_and_a_recording_with_the_same_bytes_are_no_copies_of_each_other(desk: Desk) -> None:
    recording = replace(voicemail(source="post", identity=""), original=b"")
    mail = replace(recording, message=structs.replace(recording.message, voicemail=None, reason="empty"))
    mail = replace(mail, message=structs.replace(mail.message, state=MessageState.SET_ASIDE))
    for command in (mail, recording):
        assert not done(desk, command, by=INTAKE.key).repeated
        assert done(desk, command, by=INTAKE.key).repeated
    assert len(stored(desk)) == 2


def test_a_transcript_is_added_once_and_changes_nothing_else(desk: Desk) -> None:
    before = taken_in(desk)
    assert "only an administrator" in refused(desk, AddTranscript(before.key, "Hello"))
    assert "is empty" in refused(desk, AddTranscript(before.key, " "), by=INTAKE.key)
    done(desk, AddTranscript(before.key, "The server\x1b[2J is down\nCritical"), by=INTAKE.key)
    after = stored(desk)[-1]
    assert after.voicemail is not None
    assert after.voicemail.transcript == "The server is down\nCritical"
    assert structs.replace(after, voicemail=before.voicemail) == before
    assert "has a transcript" in refused(desk, AddTranscript(before.key, "Hello"), by=INTAKE.key)


def test_a_missed_call_is_recorded_once_and_has_no_recording(desk: Desk) -> None:
    outcome = done(desk, missed(), by="sam")
    assert not outcome.repeated
    assert done(desk, missed(), by="ann").repeated
    assert not done(desk, missed(sender_address="+442079460019"), by="ann").repeated
    later = replace(
        missed(), message=structs.replace(missed().message, received_at=MONDAY_NINE.replace(hour=10))
    )
    assert "later than now" in refused(desk, later)
    call = desk.waiting_voicemails().messages[0]
    assert desk.incoming_original(call.key) is None
    assert "recorded as missed call" in refused(desk, MarkHeard(call.key))
    assert "no recording" in refused(desk, RecordMissedCall(voicemail().message))


def test_a_voicemail_on_a_ticket_is_what_the_customer_said(desk: Desk) -> None:
    ref, key = logged(desk), taken_in(desk).key

    def work(do: Any) -> list[Any]:
        said = AddCustomerMessage(ref, "It is down again.", channel="voicemail", mail=key)
        return [
            do(said, by="sam", command_id="said"),
            do(SettleMessage(key, "message", ref), by="sam", command_id="settle"),
        ]

    written = desk.transaction(work)
    assert isinstance(written, list)
    assert all(isinstance(each, Applied) for each in written)
    sentences = [line.sentence for line in desk.ticket(ref).timeline]
    assert any(each.startswith("Jo Park said by voicemail") for each in sentences), sentences


def test_with_a_contact_their_recordings_and_transcripts_are_erased(tmp_path: Path) -> None:
    with named_desk(tmp_path) as desk:
        theirs = [
            voicemail(1, contact=ZOE.key),
            voicemail(2, sender_address="+442079460321"),
            voicemail(3, sender_address="+442079460888"),
        ]
        keys = [taken_in(desk, each).key for each in theirs]
        done(desk, missed(sender_address="+442079460321", contact=ZOE.key))
        for key in keys:
            done(desk, AddTranscript(key, f"This is {NAME}, please call."), by=INTAKE.key)
        done(desk, EraseContact(ZOE.key), by="sue")
        desk.remove_traces()
        found = {each.key: each for each in stored(desk)}
        first, second, other = (found[key] for key in keys)
        for each in (first, second):
            assert (each.original, each.sender_address) == ("", ERASED)
            assert each.voicemail == Voicemail("wav", 12.5, 80)
        assert other.voicemail is not None
        assert ERASED in other.voicemail.transcript
        assert set(originals(desk)) >= {other.original}
        assert b"RIFF1" not in originals(desk).values()
        assert traces_of(desk) == []
        assert verified(desk).is_intact, verified(desk)
