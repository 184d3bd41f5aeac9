"""A real call by SIP leaves a voicemail, which is followed until it waits on the desk with its caller and time."""

from __future__ import annotations

import os
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from supportdesk.desk import Desk
from supportdesk.intake.voicemail.folder_intake import take_in_folder
from supportdesk.intake.voicemail.recording import Recording, read_recording
from supportdesk.intake.voicemail.voicemail_intake import VoicemailIntake, VoicemailSource
from supportdesk.tickets.incoming_message import MessageState
from tests.docs.paging.programs import needs
from tests.docs.paging.telephone import called_telephone, likeness, loudness
from tests.intake.voicemail.recordings import sox, speech
from tests.tickets.scenario import MONDAY_NINE

pytestmark = [needs("baresip", "espeak-ng", "sox"), pytest.mark.slow]

CALLER = "+442079460018"
LEFT_AT = datetime(2026, 11, 22, 19, 30, tzinfo=UTC)


def hang_up_and_file(recording: Path, said: str, folder: Path) -> Path:
    """What an answering machine does after a call: it files the recording under the caller and the time."""
    found = re.search(r'"peeruri":"sip:([^@"]+)@', said)
    assert found is not None, said
    path = folder / f"{LEFT_AT:%Y%m%d-%H%M%S}_{found[1]}.wav"
    recording.rename(path)
    os.utime(path, (MONDAY_NINE.timestamp() - 60,) * 2)
    return path


def test_what_somebody_says_on_the_telephone_waits_on_the_desk(
    desk: Desk, folder: Path, tmp_path: Path
) -> None:
    spoken = tmp_path / "spoken.wav"
    spoken.write_bytes(speech("This is Jo Park. The printer is on fire."))
    read = read_recording(spoken.read_bytes())
    assert isinstance(read, Recording)
    assert read.seconds is not None
    with (
        called_telephone(tmp_path / "machine") as machine,
        called_telephone(
            tmp_path / "caller", CALLER, sox(spoken.read_bytes(), effects=("pad", "0", "20"))
        ) as caller,
    ):
        caller.do("dial", machine.address)
        said = machine.answer()
        machine.wait_until_heard(read.seconds + 1)
        caller.do("hangup")
        machine.wait_for("CALL_CLOSED")
    (recording,) = machine.folder.glob("dump-*-dec.wav")
    path = hang_up_and_file(recording, said, folder)
    assert likeness(loudness(path), loudness(spoken)) > 0.9
    content = path.read_bytes()

    source = VoicemailSource("telephone", zone="Europe/London")
    list(take_in_folder(VoicemailIntake(desk, source), folder, MONDAY_NINE.timestamp()))
    (waiting,) = desk.waiting_voicemails().messages
    assert (waiting.state, waiting.contact) == (MessageState.NOT_HEARD, "jo")
    assert (waiting.sender_address, waiting.received_at) == ("+44 20 7946 0018", LEFT_AT)
    assert desk.incoming_original(waiting.key) == content
    assert waiting.voicemail is not None
    assert waiting.voicemail.seconds == pytest.approx(read.seconds, abs=5)
