"""Every recording in a folder is accounted for once, and leaves the folder only then."""

from __future__ import annotations

import contextlib
import os
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from supportdesk.clock import FixedClock
from supportdesk.desk import Desk
from supportdesk.intake.mail.mail_intake import MailIntake
from supportdesk.intake.mail.mailbox import Delivery, Mailbox
from supportdesk.intake.voicemail import folder_intake
from supportdesk.intake.voicemail.folder import FoundRecording, move_handled, read_file
from supportdesk.intake.voicemail.folder_intake import take_in_folder
from supportdesk.intake.voicemail.voicemail_intake import TakenIn, VoicemailIntake, VoicemailSource
from supportdesk.tickets.documents import Contact
from supportdesk.tickets.incoming_message import MessageState
from supportdesk.tickets.records.commands import EraseContact, SaveContact
from tests.intake.voicemail.recordings import recording, silence
from tests.store.desks import done
from tests.store.incoming import stored
from tests.tickets.scenario import MONDAY_NINE

NOW = MONDAY_NINE.timestamp()
SUNDAY = "20261122-193000"
JO = f"{SUNDAY}_+442079460018.wav"
SIDECAR = b"[message]\ncallerid=02079460018\norigtime=179537580%d\n"


@pytest.fixture(autouse=True)
def _without_detector(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether a voice detector is installed does not matter here."""
    monkeypatch.setitem(sys.modules, "webrtcvad", None)


def leave(folder: Path, name: str, content: bytes | None = None, *, age: float = 60) -> Path:
    """A file that a telephone system has written some seconds ago."""
    path = folder / name
    path.write_bytes(recording() if content is None else content)
    os.utime(path, (NOW - age, NOW - age))
    return path


def take_in(desk: Desk, folder: Path, source: str = "telephone") -> dict[str, TakenIn | str]:
    intake = VoicemailIntake(desk, VoicemailSource(source, zone="Europe/London"))
    return {path.name: taken for path, taken in take_in_folder(intake, folder, NOW)}


def states(desk: Desk) -> dict[str, MessageState]:
    return {each.identity: each.state for each in stored(desk)}


def test_a_recording_waits_with_its_caller_and_the_time_of_the_call(desk: Desk, folder: Path) -> None:
    leave(folder, JO)
    taken = take_in(desk, folder)[JO]
    assert isinstance(taken, TakenIn)
    (waiting,) = desk.waiting_voicemails().messages
    assert (waiting.key, waiting.contact, waiting.sender_address) == (taken.key, "jo", "+44 20 7946 0018")
    assert waiting.received_at == datetime(2026, 11, 22, 19, 30, tzinfo=UTC)
    assert desk.incoming_original(waiting.key) == recording()
    assert [each.name for each in folder.iterdir()] == ["Handled"]
    assert [each.name for each in (folder / "Handled").iterdir()] == [JO]
    assert desk.queue().rows == []


def test_every_recording_ends_in_one_state(desk: Desk, folder: Path) -> None:
    leave(folder, JO)
    leave(folder, "again.wav", age=50)
    leave(folder, "broken.wav", b"no sound", age=40)
    leave(folder, "empty.mp3", b"", age=30)
    leave(folder, "note.txt", b"no recording")
    leave(folder, ".hidden.wav")
    leave(folder, "unfinished.wav.part")
    taken = take_in(desk, folder)
    assert states(desk) == {
        JO: MessageState.NOT_HEARD,
        "again.wav": MessageState.DUPLICATE,
        "broken.wav": MessageState.SET_ASIDE,
        "empty.mp3": MessageState.SET_ASIDE,
    }
    assert set(taken) == set(states(desk))
    assert sorted(each.name for each in folder.iterdir()) == [
        *(".hidden.wav", "Handled", "note.txt", "unfinished.wav.part")
    ]


def test_a_recording_that_is_still_being_written_is_left(desk: Desk, folder: Path) -> None:
    path = leave(folder, JO, age=9)
    assert take_in(desk, folder) == {}
    os.utime(path, (NOW - 10, NOW - 10))
    assert list(take_in(desk, folder)) == [JO]


def test_the_time_of_a_voicemail_is_never_later_than_now(desk: Desk, folder: Path) -> None:
    leave(folder, "20301122-193000_+442079460018.wav")
    leave(folder, "ahead.wav", recording(2), age=-3600)
    take_in(desk, folder)
    assert {each.received_at for each in stored(desk)} == {MONDAY_NINE}


def test_an_intake_that_is_killed_after_the_commit_repeats_nothing(
    desk: Desk, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class KilledError(Exception):
        pass

    def killed(*_: object) -> None:
        raise KilledError

    leave(folder, JO)
    leave(folder, "second.wav", recording(2), age=50)
    with monkeypatch.context() as patch:
        patch.setattr(folder_intake, "move_handled", killed)
        with pytest.raises(KilledError):
            take_in(desk, folder)
    assert list(states(desk)) == [JO]
    again = take_in(desk, folder)
    assert [isinstance(each, TakenIn) and each.repeated for each in again.values()] == [True, False]
    assert len(stored(desk)) == 2


@pytest.mark.parametrize("moved", [0, 1, 2, 3])
def test_silence_is_taken_in_once_though_the_intake_is_killed_while_it_moves_the_files_of_a_call(
    desk: Desk, folder: Path, monkeypatch: pytest.MonkeyPatch, moved: int
) -> None:
    class KilledError(Exception):
        pass

    rename, left = Path.rename, iter([True] * moved)

    def rename_or_die(path: Path, target: Path) -> Path:
        if next(left, False):
            return rename(path, target)
        raise KilledError

    leave(folder, "msg0001.txt", SIDECAR % 1)
    leave(folder, "msg0001.WAV", b"packed")
    leave(folder, "msg0001.wav", silence())
    with monkeypatch.context() as patch, contextlib.suppress(KilledError):
        patch.setattr(Path, "rename", rename_or_die)
        take_in(desk, folder)
    take_in(desk, folder)
    assert [(each.identity, each.contact) for each in stored(desk)] == [("msg0001.wav", "jo")]
    assert not list(folder.glob("*.[wW]*"))


def test_silence_under_the_name_of_an_earlier_call_is_another_voicemail(desk: Desk, folder: Path) -> None:
    for number in range(3):
        leave(folder, "msg0000.txt", SIDECAR % number)
        leave(folder, "msg0000.wav", silence())
        take_in(desk, folder)
    assert desk.waiting_voicemails().count == 3


def test_silence_that_is_dated_later_than_now_is_the_same_when_it_is_found_again(
    address: str, folder: Path
) -> None:
    for hours in (0, 1):
        leave(folder, "ahead.wav", silence(), age=-7200)
        with closing(Desk.open(address, FixedClock(MONDAY_NINE + timedelta(hours=hours)))) as desk:
            take_in(desk, folder)
            assert [each.received_at for each in stored(desk)] == [MONDAY_NINE]


def test_a_recording_that_another_intake_moves_while_it_is_read_is_left_to_that(
    desk: Desk, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    leave(folder, "msg0001.txt", SIDECAR % 1)
    path = leave(folder, "msg0001.wav", silence())
    found = read_file(path)
    assert isinstance(found, FoundRecording)
    original = Path.is_file

    def is_file(each: Path) -> bool:
        move_handled(folder, found)
        return original(each)

    monkeypatch.setattr(Path, "is_file", is_file)
    with pytest.raises(FileNotFoundError):
        read_file(path)
    assert take_in(desk, folder) == {}


def test_a_name_that_a_telephone_system_uses_again_is_another_voicemail(desk: Desk, folder: Path) -> None:
    for number in range(3):
        leave(folder, "msg0000.wav", recording(number))
        leave(folder, "msg0000.txt", b"[message]\ncallerid=02079460018\norigtime=1795375800\n")
        take_in(desk, folder)
    assert desk.waiting_voicemails().count == 3
    assert {each.contact for each in stored(desk)} == {"jo"}
    assert len(list((folder / "Handled").glob("msg0000*.wav"))) == 3
    assert len(list((folder / "Handled").glob("msg0000*.txt"))) == 3


def test_of_several_forms_of_one_message_the_best_is_taken_in(desk: Desk, folder: Path) -> None:
    leave(
        folder, "msg0001.txt", b'[message]\ncallerid="Sam" <02079460099>\norigtime=1795375800\nduration=5\n'
    )
    leave(folder, "msg0001.gsm", b"packed")
    leave(folder, "msg0001.WAV", recording(3))
    leave(folder, "msg0001.wav", recording(2))
    assert list(take_in(desk, folder)) == ["msg0001.wav"]
    (waiting,) = desk.waiting_voicemails().messages
    assert (waiting.sender_name, waiting.contact) == ("Sam", None)
    assert [each.name for each in folder.iterdir()] == ["Handled"]


def test_a_number_that_several_contacts_have_or_that_is_only_an_extension_names_nobody(
    desk: Desk, folder: Path
) -> None:
    done(desk, SaveContact(Contact("kim", "acme", "Kim Lo", telephone="+44 20 7946 0018")))
    leave(folder, JO)
    leave(folder, f"{SUNDAY}_0018.wav", recording(2))
    take_in(desk, folder)
    assert {each.contact for each in stored(desk)} == {None}


def test_a_recording_that_cannot_be_moved_is_said_and_taken_in_once(desk: Desk, folder: Path) -> None:
    leave(folder, JO)
    (folder / "Handled").write_text("in the way")
    for _ in range(2):
        said = take_in(desk, folder)[JO]
        assert isinstance(said, str)
        assert "cannot be moved to voicemail/Handled" in said
    assert len(stored(desk)) == 1


def test_a_hostile_name_is_one_plain_line(desk: Desk, folder: Path) -> None:
    leave(folder, f"{SUNDAY}_\x1b[2J\u202e+442079460018.wav")
    leave(folder, "x.json", b'{"name": "\\u001b]0;title\\u0007 Jo \\n Park"}')
    leave(folder, "x.wav", recording(2), age=50)
    take_in(desk, folder)
    for each in stored(desk):
        assert each.identity.isprintable()
        assert each.sender_name in ("", "]0;title Jo Park")


def test_a_day_of_recordings_is_in_the_order_in_which_they_were_left(desk: Desk, folder: Path) -> None:
    for minute in (3, 1, 2):
        at = (MONDAY_NINE - timedelta(minutes=minute)).strftime("%Y%m%d-%H%M%S")
        leave(folder, f"{at}_020794600{minute}1.wav", recording(minute))
    take_in(desk, folder)
    times = [each.received_at for each in desk.waiting_voicemails().messages]
    assert times == sorted(times)
    assert len(times) == 3


def test_a_recording_whose_caller_was_erased_is_known_when_it_is_put_back_and_not_stored_again(
    desk: Desk, folder: Path
) -> None:
    leave(folder, JO)
    (first,) = take_in(desk, folder).values()
    assert isinstance(first, TakenIn)
    done(desk, EraseContact("jo"), by="sue")
    for name in (JO, f"{SUNDAY}_copy.wav"):
        leave(folder, name)
        (again,) = take_in(desk, folder).values()
        assert isinstance(again, TakenIn), again
        assert (again.key, again.state, again.repeated) == (first.key, first.state, True)
        assert again.reason.startswith("What was in it was erased with a contact")
        assert not (folder / name).exists()
    [left] = stored(desk)
    assert "2079460018" not in f"{left}"
    assert desk.incoming_original(left.key) is None


@pytest.mark.parametrize("is_readable", [True, False])
def test_the_same_sound_of_two_callers_is_two_voicemails(
    desk: Desk, folder: Path, *, is_readable: bool
) -> None:
    content = recording() if is_readable else b""
    for number, source in (("1", "telephone"), ("2", "telephone"), ("3", "other")):
        name = f"20261122-20000{number}_+44163296000{number}.wav"
        leave(folder, name, content)
        taken = take_in(desk, folder, source)[name]
        assert isinstance(taken, TakenIn), taken
        assert (taken.state is MessageState.DUPLICATE, taken.repeated) == (False, False)
    assert len({each.key for each in stored(desk)}) == 3


def test_an_empty_mail_is_no_earlier_copy_of_an_empty_recording(desk: Desk, folder: Path) -> None:
    MailIntake(desk, Mailbox("telephone", "pipe")).take_in(Delivery(b""))
    leave(folder, "a.wav", b"")
    taken = take_in(desk, folder)["a.wav"]
    assert isinstance(taken, TakenIn), taken
    assert (taken.state, taken.repeated) == (MessageState.SET_ASIDE, False)
    assert len(stored(desk)) == 2


def test_the_file_beside_a_recording_that_says_nothing_is_named(desk: Desk, folder: Path) -> None:
    leave(folder, "msg0001.txt", b"\x00 no form")
    leave(folder, "msg0001.wav")
    taken = take_in(desk, folder)["msg0001.wav"]
    assert isinstance(taken, TakenIn), taken
    assert taken.state is MessageState.NOT_HEARD
    assert "The file beside it, msg0001.txt, says nothing" in taken.reason


def test_only_a_caller_who_says_so_withholds_a_number(desk: Desk, folder: Path) -> None:
    leave(folder, f"{SUNDAY}_anonymous.wav", recording(2))
    leave(folder, f"{SUNDAY}_front.wav", recording(3))
    take_in(desk, folder)
    found = {each.identity: each.voicemail for each in stored(desk)}
    assert [each.is_withheld for each in found.values() if each is not None].count(True) == 1
    withheld = found[f"{SUNDAY}_anonymous.wav"]
    assert withheld is not None
    assert withheld.is_withheld


def test_the_same_silence_of_two_callers_is_two_voicemails(desk: Desk, folder: Path) -> None:
    leave(folder, JO, silence())
    leave(folder, f"{SUNDAY}_+447700900123.wav", silence(), age=50)
    take_in(desk, folder)
    assert MessageState.DUPLICATE not in states(desk).values()
    assert len(states(desk)) == 2
