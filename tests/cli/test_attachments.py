"""`supportdesk attachments`: files that arrived on a ticket and those that went with replies are listed and saved."""

from __future__ import annotations

import stat
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from supportdesk.desk import Desk
from supportdesk.intake.mail.mail_intake import MailIntake
from supportdesk.intake.mail.mailbox import Delivery, Mailbox
from supportdesk.tickets.records.commands import InstallPolicy
from tests.cli.prompt import Prompt
from tests.intake.mail.attached import PDF, write_with
from tests.store.desks import done
from tests.store.mailing import mailing_policy

pytestmark = pytest.mark.usefixtures("database_kind")

JO = "Jo Park <jo.park@acme.example>"


def ticket_with_files(ann: Prompt, folder: Path) -> str:
    """A ticket with a file that arrived and two that were sent."""
    with closing(Desk.open(ann.address, ann.clock)) as desk:
        done(desk, InstallPolicy(mailing_policy()))
        arrived = write_with(("invoice.pdf", PDF), sender=JO)
        ref = MailIntake(desk, Mailbox("support", "files")).take_in(Delivery(arrived)).ref
    assert ref is not None
    files = []
    for name, content in (("guide.pdf", b"%PDF-1.7 guide"), ("steps.txt", b"1. Restart\n")):
        (folder / name).write_bytes(content)
        files += ["--attach", str(folder / name)]
    ann.at(ann.clock.now() + timedelta(minutes=5)).done("reply", ref, "--text", "See the guide.", *files)
    return ref


def test_files_that_arrived_and_that_were_sent_are_listed_and_saved(ann: Prompt, tmp_path: Path) -> None:
    ref = ticket_with_files(ann, tmp_path)
    listed = ann("attachments", ref, "--json").json
    assert [(each["number"], each["name"], each["type"], each["sent"]) for each in listed] == [
        (1, "invoice.pdf", "application/pdf", False),
        (2, "guide.pdf", "application/pdf", True),
        (3, "steps.txt", "text/plain", True),
    ]
    assert [each["from"] for each in listed] == ["Jo Park", "ann (sent)", "ann (sent)"]
    assert "ann (sent), Tue 24 Nov 09:47 GMT." in " ".join(ann.done("attachments", ref).split())
    for number, content in (("1", PDF), ("2", b"%PDF-1.7 guide"), ("3", b"1. Restart\n")):
        place = tmp_path / f"saved-{number}"
        said = ann.done("attachments", ref, "--save", number, "--to", str(place))
        assert said == f"Saved as {place}.\n"
        assert (place.read_bytes(), stat.S_IMODE(place.stat().st_mode)) == (content, 0o600)


def test_what_cannot_be_saved_is_said(ann: Prompt, tmp_path: Path) -> None:
    bare, ref = ann.log(), ticket_with_files(ann, tmp_path)
    assert ann.done("attachments", bare) == "No message or reply on this ticket has an attachment.\n"
    for arguments, said in (
        ((ref, "--save", "9", "--to", str(tmp_path / "x")), f"`supportdesk attachments {ref}` lists them"),
        ((ref, "--save", "1"), "Give --save and --to together"),
        ((ref, "--save", "1", "--to", str(tmp_path / "none" / "x")), "there is no folder"),
        (("CD-4CAG-H",), "CD-4CAG-H"),
    ):
        assert said in " ".join(ann.refused("attachments", *arguments).split())
    assert not (tmp_path / "none").exists()
    assert not (tmp_path / "x").exists()


def test_a_file_that_was_erased_with_its_contact_is_gone(ann: Prompt, tmp_path: Path) -> None:
    ref = ticket_with_files(ann, tmp_path)
    ann.by("maya").done("erase", "Jo Park", "--organisation", "Acme Ltd", "--yes")
    answer = ann("attachments", ref)
    assert answer.code == 0
    assert "guide.pdf" not in answer.out
    assert "The message itself is not here any more: it was erased." in answer.err
