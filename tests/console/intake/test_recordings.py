"""On the intake screen, a recording is no message that could be read."""

from __future__ import annotations

from pathlib import Path

from supportdesk.console.intake.original import read_original
from supportdesk.tickets.actors import INTAKE
from supportdesk.tickets.incoming_message import MessageState
from tests.console.voicemail.voicemails import missed
from tests.store.desks import done, furnished_desk
from tests.store.incoming import stored
from tests.store.test_voicemails import voicemail


def test_of_a_recording_it_is_said_how_to_listen_to_it(tmp_path: Path) -> None:
    with furnished_desk(tmp_path) as desk:
        done(desk, voicemail(state=MessageState.SET_ASIDE), by=INTAKE.key)
        (message,) = stored(desk)
        found = read_original(desk, message)
        assert found.text == ""
        assert found.fault.endswith(f"supportdesk intake original {message.key} > FILE")


def test_of_a_missed_call_it_is_said_that_there_is_no_recording(tmp_path: Path) -> None:
    with furnished_desk(tmp_path) as desk:
        done(desk, missed(1))
        (message,) = stored(desk)
        assert read_original(desk, message).fault == "Nobody answered the call, and nothing was recorded."
