"""A voicemail in which nobody speaks is marked, and waits like every other one."""

from __future__ import annotations

from pathlib import Path

import pytest

from supportdesk.desk import Desk
from supportdesk.tickets.incoming_message import MessageState
from tests.intake.voicemail.recordings import needs_speech, silence, speech
from tests.intake.voicemail.test_folder_intake import JO, SUNDAY, leave, take_in


@needs_speech
def test_a_voicemail_in_which_nobody_speaks_is_marked_and_waits(desk: Desk, folder: Path) -> None:
    pytest.importorskip("webrtcvad")
    leave(folder, JO, speech())
    leave(folder, f"{SUNDAY}_anonymous.wav", silence())
    leave(folder, f"{SUNDAY}_02079460555.wav", silence())
    take_in(desk, folder)
    waiting = desk.waiting_voicemails().messages
    assert sorted(each.state for each in waiting) == ["empty", "empty", "not heard"]
    by_state = {each.state: each for each in waiting}
    spoken, empty = by_state[MessageState.NOT_HEARD].voicemail, by_state[MessageState.EMPTY].voicemail
    assert spoken is not None
    assert empty is not None
    assert (spoken.speech or 0) > 50
    assert (empty.seconds, empty.speech) == (2, 0)
