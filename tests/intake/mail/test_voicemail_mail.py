"""In a mailbox to which a telephone system sends recordings, a message with a recording becomes a voicemail."""

from __future__ import annotations

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
from supportdesk.tickets.documents import Contact
from supportdesk.tickets.incoming_message import MessageState
from supportdesk.tickets.records.commands import SaveContact
from tests.intake.voicemail.recordings import recording
from tests.store.desks import done, furnished, verified
from tests.store.incoming import stored
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
    assert desk.incoming_original(waiting.key) == recording()


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
