"""An intake that is killed at any moment loses no recording of a folder, and puts none on the desk twice."""

from __future__ import annotations

import os
from contextlib import closing
from pathlib import Path

import pytest

from supportdesk.clock import SystemClock
from supportdesk.desk import Desk
from supportdesk.tickets.documents import Contact
from supportdesk.tickets.incoming_message import NOT_HEARD, MessageState
from supportdesk.tickets.records.commands import SaveContact
from tests.faults.desk import make_desk
from tests.faults.interruption import kill_at_any_moment
from tests.faults.program import run
from tests.intake.voicemail.recordings import recording, silence
from tests.store.desks import done, verified
from tests.store.incoming import stored

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("database_kind"), pytest.mark.long_on_server]

LONG_AGO = 1_700_000_000
SIDECAR = b'[message]\ncallerid="Jo" <02079460018>\norigtime=%d\n'


class TelephoneSystem:
    """Leaves recordings in a folder, and remembers what is to become of each, by their names."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self._folder = folder
        self._written = 0
        self.states: dict[str, MessageState] = {}

    def leave(self, count: int) -> None:
        """So many recordings, one of them once more, silence with a file that tells of its call, and a broken one."""
        number = self._written
        for each in range(number, number + count):
            self._record(f"call-{each}_+442079460018.wav", recording(each, 0.1 + each / 800))
        self._record(f"again-{number}.wav", recording(number, 0.1 + number / 800), MessageState.DUPLICATE)
        self._write(f"msg{number:04}.txt", SIDECAR % (LONG_AGO + number))
        self._record(f"msg{number:04}.wav", silence(0.1))
        self._record(f"broken-{number}.wav", b"RIFF%d" % number, MessageState.SET_ASIDE)

    def _record(self, name: str, content: bytes, state: MessageState = MessageState.NOT_HEARD) -> None:
        self._write(name, content)
        self.states[name] = state

    def _write(self, name: str, content: bytes) -> None:
        path = self._folder / name
        path.write_bytes(content)
        os.utime(path, (LONG_AGO + self._written,) * 2)
        self._written += 1


@pytest.mark.parametrize(("recordings", "kills"), [(2, 2), pytest.param(8, 50, marks=pytest.mark.long)])
def test_the_account_of_a_folder_balances_however_often_its_intake_is_killed(
    tmp_path: Path, recordings: int, kills: int
) -> None:
    address, folder = make_desk(tmp_path), tmp_path / "voicemail"
    with closing(Desk.open(address, SystemClock())) as desk:
        done(desk, SaveContact(Contact("jo", "acme", "Jo Park", telephone="020 7946 0018")))
    telephone = TelephoneSystem(folder)
    arguments = ["--db", address, "intake", "voicemail", str(folder), "--quiet", "0"]
    kill_at_any_moment(
        arguments,
        kills=kills,
        prepare=lambda: telephone.leave(recordings),
        check=lambda has_ended: None,
    )
    last = run(*arguments)
    assert last.code == 0, last.err
    with closing(Desk.open(address, SystemClock())) as desk:
        messages = stored(desk)
        assert sorted(each.identity for each in messages) == sorted(telephone.states)
        # A voice detector finds nobody who speaks in these, where one is installed.
        found = {
            each.identity: MessageState.NOT_HEARD if each.state in NOT_HEARD else each.state
            for each in messages
        }
        assert found == telephone.states
        called = [each for each in messages if each.identity.startswith(("call", "msg"))]
        assert {each.contact for each in called} == {"jo"}
        assert verified(desk).is_intact
    # Of what tells of a call, the moment between two moves may have left a file behind; of no recording.
    assert not list(folder.glob("*.wav"))
    assert sorted(each.name for each in (folder / "Handled").glob("*.wav")) == sorted(telephone.states)
