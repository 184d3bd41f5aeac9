"""In a mailbox to which a telephone system sends recordings, a message with a recording becomes a voicemail."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest

from supportdesk.clock import FixedClock
from supportdesk.desk import Desk
from supportdesk.intake.mail.mail_intake import Accounted, MailIntake
from supportdesk.intake.mail.mailbox import Delivery, Mailbox
from supportdesk.intake.mail.voicemail_original import VoicemailOriginal, read_voicemail_original
from supportdesk.tickets.documents import Contact
from supportdesk.tickets.incoming_message import IncomingMessage, MessageState
from supportdesk.tickets.records.commands import EraseContact, SaveContact
from tests.intake.voicemail.recordings import recording
from tests.store.desks import done, furnished, verified
from tests.store.incoming import originals, stored
from tests.tickets.scenario import MONDAY_NINE

SUNDAY = datetime(2026, 11, 22, 19, 30, tzinfo=UTC)
ASTERISK = {
    "Subject": "[PBX]: New message 1 in mailbox 100",
    "X-Asterisk-CallerID": "02079460018",
    "X-Asterisk-CallerIDName": "Jo Park",
    "X-Asterisk-VM-Duration": "17",
    "X-Asterisk-VM-Orig-time": str(int(SUNDAY.timestamp())),
}


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """A desk on which Jo is known by her number, which is intact in the end."""
    monkeypatch.setitem(sys.modules, "webrtcvad", None)
    with closing(Desk.open(furnished(tmp_path), FixedClock(MONDAY_NINE))) as desk:
        done(desk, SaveContact(Contact("jo", "acme", "Jo Park", telephone="+44 20 7946 0018")))
        yield desk
        assert verified(desk).is_intact, verified(desk)


def message(
    headers: dict[str, str],
    content: bytes | None = None,
    *,
    name: str = "msg0001.wav",
    sender: str = "pbx@example.com",
) -> bytes:
    """A message of a telephone system."""
    mail = EmailMessage()
    for key, value in {"From": sender, "To": "voicemail@example.com", **headers}.items():
        mail[key] = value
    mail.set_content("You have a new voicemail.")
    mail.add_attachment(
        recording() if content is None else content, maintype="audio", subtype="x-wav", filename=name
    )
    return mail.as_bytes()


def take_in(desk: Desk, content: bytes, identity: str = "1", *, has_voicemail: bool = True) -> Accounted:
    box = Mailbox("pbx", "maildir", has_voicemail=has_voicemail)
    return MailIntake(desk, box).take_in(Delivery(content, identity, MONDAY_NINE))


def test_a_message_of_asterisk_waits_as_a_voicemail_with_its_caller_and_time(desk: Desk) -> None:
    assert take_in(desk, message(ASTERISK)).state is MessageState.NOT_HEARD
    (waiting,) = desk.waiting_voicemails().messages
    assert (waiting.contact, waiting.sender_name, waiting.received_at) == ("jo", "Jo Park", SUNDAY)
    assert waiting.voicemail is not None
    assert (waiting.voicemail.media, waiting.voicemail.seconds) == ("wav", 1)
    assert waiting.voicemail.recording == hashlib.sha256(recording()).hexdigest()


def order(number: str, message_id: str, *contents: bytes) -> bytes:
    """A message of a telephone system with words of its own, an order and recordings."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "pbx@example.com", "voicemail@example.com", "Please order"
    mail["Message-ID"] = message_id
    mail["X-Asterisk-CallerID"] = number
    mail.set_content("Jo needs the parts of the list by Monday.")
    for place, content in enumerate(contents):
        mail.add_attachment(content, maintype="audio", subtype="x-wav", filename=f"msg{place}.wav")
    mail.add_attachment(b"%PDF-1.4", maintype="application", subtype="pdf", filename="order.pdf")
    return mail.as_bytes()


def opened(desk: Desk, message: IncomingMessage) -> VoicemailOriginal:
    return read_voicemail_original(message, desk.incoming_original(message.key), MONDAY_NINE)


def test_the_whole_mail_is_kept_with_each_of_its_recordings(desk: Desk) -> None:
    content = order("02079460018", "<1@example.com>", recording(1), recording(2))
    accounted = take_in(desk, content)
    assert (accounted.state, accounted.reason) == (
        MessageState.NOT_HEARD,
        "It has 2 recordings; the others: not heard.",
    )
    waiting = desk.waiting_voicemails().messages
    assert {opened(desk, each).recording for each in waiting} == {recording(1), recording(2)}
    for each in waiting:
        assert (each.message_id, desk.incoming_original(each.key)) == ("1@example.com", content)
        assert opened(desk, each).words == "Please order\nJo needs the parts of the list by Monday."
        assert "order.pdf" in opened(desk, each).files
    assert take_in(desk, content).repeated
    assert desk.waiting_voicemails().count == 2


@pytest.mark.parametrize("identities", [("", ""), ("1", "2")], ids=["pipe", "maildir"])
def test_the_same_sound_of_two_callers_is_two_voicemails(desk: Desk, identities: tuple[str, str]) -> None:
    numbers = ("+441632960001", "+441632960002")
    for number, identity in zip(numbers, identities, strict=True):
        taken = take_in(desk, order(number, f"<{number}@example.com>", recording()), identity)
        assert (taken.state, taken.repeated) == (MessageState.NOT_HEARD, False)
    assert desk.waiting_voicemails().count == 2
    again = take_in(desk, order(numbers[1], f"<{numbers[1]}@example.com>", recording()), identities[1])
    assert again.repeated


def test_mail_with_a_recording_is_erased_whole_and_known_when_it_is_put_back(desk: Desk) -> None:
    content = order("02079460018", "<1@example.com>", recording(1), recording(2))
    take_in(desk, content)
    done(desk, EraseContact("jo"), by="sue")
    for identity in ("1", "2"):
        assert take_in(desk, content, identity).repeated
    assert [desk.incoming_original(each.key) for each in stored(desk)] == [None, None]
    assert originals(desk) == {}


def test_another_mail_with_the_same_recording_is_a_duplicate_that_is_kept_whole(desk: Desk) -> None:
    take_in(desk, order("02079460018", "<1@example.com>", recording()), "")
    content = order("02079460018", "<2@example.com>", recording())
    assert take_in(desk, content, "").state is MessageState.DUPLICATE
    duplicate = next(each for each in stored(desk) if each.state is MessageState.DUPLICATE)
    assert desk.incoming_original(duplicate.key) == content


@pytest.mark.parametrize(
    ("headers", "sender", "name"),
    [
        ({"Subject": "New Voice Message from +44 20 7946 0018"}, "3cx@example.com", "vm.wav"),
        ({"Subject": "Message from Jo Park (020 7946 0018)"}, "unity@example.com", "VoiceMessage.wav"),
        ({"Subject": "Voicemail"}, "+442079460018@unity.example.com", "VoiceMessage.wav"),
        ({"Subject": "Voicemail"}, "pbx@example.com", "20261122-193000_02079460018.wav"),
    ],
)
def test_other_telephone_systems_name_the_caller_elsewhere(
    desk: Desk, headers: dict[str, str], sender: str, name: str
) -> None:
    take_in(desk, message(headers, sender=sender, name=name))
    (waiting,) = desk.waiting_voicemails().messages
    assert (waiting.contact, waiting.sender_address) == ("jo", "+44 20 7946 0018")


def test_headers_prove_nothing_in_a_mailbox_for_mail(desk: Desk) -> None:
    assert take_in(desk, message(ASTERISK), has_voicemail=False).state is MessageState.QUARANTINE
    assert desk.waiting_voicemails().count == 0


def test_a_message_that_is_taken_in_again_is_no_second_voicemail(desk: Desk) -> None:
    assert not take_in(desk, message(ASTERISK)).repeated
    assert take_in(desk, message(ASTERISK)).repeated
    assert take_in(desk, message(ASTERISK), "2").state is MessageState.DUPLICATE
    assert desk.waiting_voicemails().count == 1


def test_what_has_no_recording_is_mail_and_a_broken_recording_is_set_aside_whole(desk: Desk) -> None:
    plain = EmailMessage()
    plain["From"], plain["Subject"] = "pbx@example.com", "Your mailbox is full"
    plain.set_content("Please delete something.")
    assert take_in(desk, plain.as_bytes()).state is MessageState.QUARANTINE
    broken = message(ASTERISK, b"no sound")
    assert take_in(desk, broken, "2").state is MessageState.SET_ASIDE
    kept = next(each for each in stored(desk) if each.state is MessageState.SET_ASIDE)
    assert desk.incoming_original(kept.key) == broken
