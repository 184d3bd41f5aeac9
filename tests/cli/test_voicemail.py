"""`supportdesk voicemail`: what waits is listed, heard, logged, added to a ticket or dismissed, each once."""

from __future__ import annotations

import io
import sys
import wave
from contextlib import closing
from pathlib import Path

import pytest

from supportdesk.desk import Desk
from tests.cli.prompt import Prompt

NUMBER = "+442079460018"


def leave(folder: Path, name: str, number: int = 1) -> Path:
    """A recording that a telephone system has left."""
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", ""))
        file.writeframes(bytes([number, 1, 0, 2]) * 4000)
    path = folder / name
    path.write_bytes(buffer.getvalue())
    return path


@pytest.fixture(autouse=True)
def _without_detector(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether a voice detector is installed does not matter here."""
    monkeypatch.setitem(sys.modules, "webrtcvad", None)


@pytest.fixture
def jo(ann: Prompt) -> str:
    """The key of a contact with a telephone number."""
    ann.done("contact", "change", "Jo Park", "--organisation", "Acme Ltd", "--telephone", NUMBER)
    with closing(Desk.open(ann.address, ann.clock)) as desk:
        return desk.find_callers(NUMBER)[0].contact.key


def waiting(ann: Prompt) -> list[dict[str, object]]:
    found: list[dict[str, object]] = ann("voicemail", "list", "--json").json
    return found


def key_of(ann: Prompt, folder: Path, name: str, number: int = 1) -> str:
    said = ann.done("intake", "voicemail", str(leave(folder, name, number)))
    return said.split(": ")[1].split(",")[0]


@pytest.mark.parametrize(
    ("arrived", "due"),
    [
        # A Saturday, a bank holiday, the last second before closing time, and just after it.
        ("20261121-120000", "2026-11-23T11:00:00Z"),
        ("20260831-120000", "2026-09-01T10:00:00Z"),
        ("20261120-175959", "2026-11-23T10:59:59Z"),
        ("20261120-180001", "2026-11-23T11:00:00Z"),
    ],
)
def test_the_clocks_of_a_voicemail_start_at_the_first_open_second_after_it(
    ann: Prompt, jo: str, tmp_path: Path, arrived: str, due: str
) -> None:
    key = key_of(ann, tmp_path, f"{arrived}_{NUMBER}.wav")
    ref = ann.done("voicemail", "log", key, "--severity", "high", "--summary", "No printing").strip()
    ticket = ann.ticket(ref)
    assert ticket["channel"] == "voicemail"
    assert ticket["response"]["due"] == due
    assert waiting(ann) == []


def test_a_voicemail_is_listed_heard_and_logged_once(ann: Prompt, jo: str, tmp_path: Path) -> None:
    assert ann.done("voicemail", "list") == "No voicemail and no missed call waits.\n"
    key = key_of(ann, tmp_path, f"20261122-193000_{NUMBER}.wav")
    lines = ann.done("voicemail", "list").splitlines()
    assert "Jo Park" in lines[1]
    assert "0:01" in lines[1]
    assert lines[-1] == "1 recording not heard yet."
    ann.done("voicemail", "heard", key)
    assert "listened to it" in ann.refused("voicemail", "heard", key)
    assert ann.done("voicemail", "list").splitlines()[-1] == "0 recordings not heard yet."
    request = ("voicemail", "log", key, "--severity", "high", "--summary", "No printing")
    ref = ann.done(*request).strip()
    assert f"recorded as ticket ({ref})" in ann.refused(*request)
    assert len(ann("queue", "--json").json) == 1


def test_a_voicemail_is_added_to_a_ticket_or_dismissed(ann: Prompt, jo: str, tmp_path: Path) -> None:
    first = key_of(ann, tmp_path, f"20261122-193000_{NUMBER}.wav")
    second = key_of(ann, tmp_path, "20261122-193500_anonymous.wav", 2)
    ref = ann.done("voicemail", "log", first, "--severity", "high", "--summary", "No printing").strip()
    assert "give --contact KEY" in ann.refused(
        "voicemail", "log", second, "--severity", "high", "--summary", "x"
    )
    third = key_of(ann, tmp_path, f"20261122-194000_{NUMBER}.wav", 3)
    ann.done("voicemail", "add", third, "--ticket", ref, "--text", "It is still broken.")
    assert "Jo Park said by voicemail: It is still broken." in ann.done("show", ref)
    assert "that is final" in ann.refused("voicemail", "dismiss", third, "--reason", "x")
    reason = ("--reason", "nobody spoke")
    assert f"supportdesk voicemail heard {second}" in ann.refused("voicemail", "dismiss", second, *reason)
    ann.done("voicemail", "dismiss", second, *reason, "--not-heard")
    assert waiting(ann) == []
    assert "There is no voicemail" in ann.refused("voicemail", "add", "x", "--ticket", ref, "--text", "y")


def test_what_is_refused_on_the_ticket_leaves_the_voicemail_waiting(
    ann: Prompt, jo: str, tmp_path: Path
) -> None:
    key = key_of(ann, tmp_path, f"20261122-193000_{NUMBER}.wav")
    ann.refused("voicemail", "log", key, "--severity", "high", "--summary", " ")
    assert [each["key"] for each in waiting(ann)] == [key]
    assert ann("queue", "--json").json == []


def test_a_missed_call_is_recorded_for_everybody(ann: Prompt, jo: str) -> None:
    assert ann.done("call", NUMBER, "--missed") == "Recorded: a missed call from +44 20 7946 0018.\n"
    ann.done("call", NUMBER, "--missed")
    ann.done("call", "anonymous", "--missed")
    known, withheld = sorted(waiting(ann), key=lambda each: each["from"] is None)
    assert (known["state"], known["contact"], withheld["from"]) == ("missed call", jo, None)
    assert "not a telephone number" in ann.refused("call", "Jo", "--missed")


def program(folder: Path, body: str) -> str:
    """A program that transcribes, as it is written on a command line."""
    path = folder / "transcribe it.py"
    path.write_text(body)
    return f"{sys.executable} '{path}'"


@pytest.mark.slow
def test_what_is_taken_in_is_transcribed_by_a_program_of_the_users(
    ann: Prompt, jo: str, tmp_path: Path
) -> None:
    folder = tmp_path / "voicemail"
    folder.mkdir()
    leave(folder, "a.wav")
    (folder / "b.wav").write_bytes(b"nothing")
    arguments = ("intake", "voicemail", "--quiet", "0", "--transcribe-command")
    failing = program(tmp_path, "raise SystemExit(3)")
    failed = ann(*arguments, failing, str(folder))
    [key] = [each["key"] for each in waiting(ann)]
    assert failed.code == 1
    assert f"{key}: it was not transcribed: {sys.executable} failed with 3" in failed.err
    assert [each.name for each in folder.iterdir()] == ["Handled"]
    again = str(folder / "Handled" / "a.wav")
    writing = program(tmp_path, "import sys; print(open(sys.argv[1], 'rb').read(4), 'my printer')")
    said = ann.done(*arguments, writing, again)
    assert said.splitlines()[1:] == [f"{key}: transcribed"]
    assert "b'RIFF' my printer" in ann.done("voicemail", "list")
    # Once is enough: the program is not run again.
    assert "transcribed" not in ann.done(*arguments, failing, again)


def test_a_program_that_cannot_be_read_from_the_command_line_is_named(ann: Prompt, tmp_path: Path) -> None:
    recording = str(leave(tmp_path, "a.wav"))
    for command, reason in (("transcribe 'it", "has no other one"), (" ", "give a program")):
        refused = ann("intake", "voicemail", recording, "--transcribe-command", command)
        assert refused.code == 2
        assert reason in refused.err
    assert waiting(ann) == []


def test_a_folder_is_taken_in_and_what_cannot_be_read_is_set_aside(ann: Prompt, tmp_path: Path) -> None:
    folder = tmp_path / "voicemail"
    folder.mkdir()
    leave(folder, "a.wav")
    (folder / "b.wav").write_bytes(b"nothing")
    said = ann.done("intake", "voicemail", str(folder), "--quiet", "0", "--name", "pbx")
    assert sorted(line.split()[2].rstrip(",:") for line in said.splitlines()) == ["not", "set"]
    assert [each.name for each in folder.iterdir()] == ["Handled"]
    states = ann("intake", "status", "--json").json[0]["states"]
    assert (states["not heard"], states["set aside"]) == (1, 1)
