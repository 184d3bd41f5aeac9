"""`supportdesk intake attachments`: the files of a message are listed and saved, whatever they are called."""

from __future__ import annotations

import stat
from contextlib import closing
from pathlib import Path

import pytest

from supportdesk.desk import Desk
from supportdesk.intake.mail.mail_intake import MailIntake
from supportdesk.intake.mail.mailbox import Delivery, Mailbox
from supportdesk.tickets.actors import INTAKE
from tests.cli.prompt import Prompt
from tests.intake.mail.attached import PDF, PNG, PROGRAM, write_with
from tests.intake.mail.parsing.samples import CORPUS
from tests.store.desks import done
from tests.store.test_voicemails import voicemail

pytestmark = pytest.mark.usefixtures("database_kind")


def arrived(ann: Prompt, content: bytes) -> str:
    """Take in a message, and return its key."""
    with closing(Desk.open(ann.address, ann.clock)) as desk:
        before = {each.key for each in desk.incoming_messages()}
        MailIntake(desk, Mailbox("support", "files")).take_in(Delivery(content, f"{len(before)}"))
        return next(each.key for each in desk.incoming_messages() if each.key not in before)


def test_attachments_are_listed_with_what_their_content_is(ann: Prompt) -> None:
    key = arrived(ann, write_with(("invoice.pdf", PROGRAM), ("screen.png", PNG), ("../../x.pdf", PDF)))
    shown = ann.done("intake", "attachments", key).splitlines()
    assert shown[0].split() == ["NO", "NAME", "CONTENT", "SIZE", "NOTE"]
    assert shown[1].split()[:4] == ["1", "invoice.pdf", "a", "program"]
    assert [line.split()[1] for line in shown[1:4]] == ["invoice.pdf", "screen.png", "x.pdf"]
    found = ann("intake", "attachments", key, "--json").json
    assert [(each["number"], each["name"], each["type"], each["size"], each["inline"]) for each in found] == [
        (1, "invoice.pdf", "application/x-executable", len(PROGRAM), False),
        (2, "screen.png", "image/png", len(PNG), True),
        (3, "x.pdf", "application/pdf", len(PDF), False),
    ]
    assert found[0]["mismatch"] == "Its name says that it is a PDF document, but its content is a program."
    assert found[1]["mismatch"] is None


def test_one_is_saved_as_a_new_private_file(ann: Prompt, tmp_path: Path) -> None:
    key = arrived(ann, write_with(("-rf", PROGRAM), ("../../invoice.pdf", PDF)))
    place = tmp_path / "mine.pdf"
    assert ann.done("intake", "attachments", key, "--save", "2", "--to", str(place)) == f"Saved as {place}.\n"
    assert place.read_bytes() == PDF
    folder = tmp_path / "folder"
    folder.mkdir()
    for number in ("1", "1", "2"):
        ann.done("intake", "attachments", key, "--save", number, "--to", str(folder))
    assert sorted(each.name for each in folder.iterdir()) == ["_rf", "_rf (2)", "invoice.pdf"]
    assert {stat.S_IMODE(each.stat().st_mode) for each in (place, *folder.iterdir())} == {0o600}
    refused = ann("intake", "attachments", key, "--save", "1", "--to", str(place))
    assert (refused.code, refused.err) == (2, f"Error: {place} cannot be written: File exists.\n")
    assert place.read_bytes() == PDF


def test_what_outlook_packed_is_unpacked(ann: Prompt, tmp_path: Path) -> None:
    key = arrived(ann, (CORPUS / "winmail.eml").read_bytes())
    assert [each["name"] for each in ann("intake", "attachments", key, "--json").json] == [
        "invoice.pdf",
        "notes.txt",
    ]
    ann.done("intake", "attachments", key, "--save", "2", "--to", str(tmp_path / "notes"))
    assert (tmp_path / "notes").read_bytes() == b"Some notes\n"


def test_what_cannot_be_done_is_said_with_what_can(ann: Prompt, tmp_path: Path) -> None:
    key, broken = arrived(ann, write_with()), arrived(ann, b"\x00\x01 what is this?")
    with closing(Desk.open(ann.address, ann.clock)) as desk:
        done(desk, voicemail(), by=INTAKE.key)
        (call,) = (each.key for each in desk.waiting_voicemails().messages)
    assert ann.done("intake", "attachments", key) == "This message has no attachment.\n"
    for arguments, said in (
        ((key, "--save", "1", "--to", str(tmp_path / "x")), "There is no attachment 1;"),
        ((key, "--save", "1"), "Give --save and --to together"),
        (("nobody",), "There is no original of a message"),
        ((broken,), "The message cannot be read: It has no header of a message."),
        ((call,), "It is a recording, which has no attachments;"),
    ):
        answer = ann("intake", "attachments", *arguments)
        assert answer.code == 2
        assert said in answer.err
    assert not (tmp_path / "x").exists()


@pytest.mark.long
def test_a_file_of_twenty_megabytes_is_saved_whole(ann: Prompt, tmp_path: Path) -> None:
    content = bytes(range(256)) * (20_000_000 // 256)
    key = arrived(ann, write_with(("large.bin", content)))
    ann.done("intake", "attachments", key, "--save", "1", "--to", str(tmp_path / "large"))
    assert (tmp_path / "large").read_bytes() == content
