"""The files of a reply: kept with it, sent with it, exported, verified and erased with it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace
from sqlalchemy import select

from supportdesk.clock import FixedClock
from supportdesk.desk import Desk
from supportdesk.store import tables
from supportdesk.tickets.attached_file import MOST_BYTES, FileContent
from supportdesk.tickets.documents import Contact
from supportdesk.tickets.process.conversation import Reply
from supportdesk.tickets.records.commands import EraseContact, SaveContact
from tests.store.desks import database_of, done, events, furnished_desk, logged, refused, verified
from tests.store.exchanged import compare_round_trip
from tests.store.mailing import (
    claim_mail,
    mailing_desk,
    report_mail,
)

PDF = FileContent("guide.pdf", "application/pdf", b"%PDF-1.7 how to")


@pytest.fixture
def desk(tmp_path: Path, clock: FixedClock) -> Iterator[Desk]:
    with mailing_desk(tmp_path, clock) as opened:
        yield opened


def stored_contents(desk: Desk) -> list[bytes]:
    found = database_of(desk).read(
        lambda connection: connection.execute(select(tables.attachments.c.content)).scalars().all()
    )
    return sorted(map(bytes, found))


def test_the_files_of_a_reply_are_kept_with_it_and_found_by_its_mail(desk: Desk, tmp_path: Path) -> None:
    ref = logged(desk)
    done(desk, Reply(ref, "See the guide.", attachments=(PDF, replace(PDF, name="copy.pdf"))))
    said = [each.sentence for each in desk.ticket(ref).timeline]
    assert "to customer by mail with guide.pdf, copy.pdf: See the guide." in said
    assert stored_contents(desk) == [PDF.content]
    [receipt] = claim_mail(desk)
    report_mail(desk, receipt.id, "delivered")
    [mail] = claim_mail(desk)
    sent = desk.find_sent_mail(mail.id)
    assert sent is not None
    assert [(each.name, each.media_type, each.size) for each in sent.attachments] == [
        ("guide.pdf", "application/pdf", 15),
        ("copy.pdf", "application/pdf", 15),
    ]
    assert desk.attached_content(sent.attachments[0].digest) == PDF.content
    assert verified(desk).is_intact


def test_a_desk_with_files_of_replies_is_the_same_after_an_export_and_an_import(
    desk: Desk, tmp_path: Path
) -> None:
    done(desk, Reply(logged(desk), "See the guide.", attachments=(PDF,)))
    compare_round_trip(database_of(desk), tmp_path)


def test_a_file_of_a_reply_that_is_changed_or_lost_is_found(desk: Desk) -> None:
    done(desk, Reply(logged(desk), "See the guide.", attachments=(PDF,)))
    changed = tables.attachments.update().values(content=b"another")
    database_of(desk).write(lambda connection: connection.execute(changed))
    assert [str(each) for each in verified(desk).findings if "not the file of a reply" in str(each)]
    database_of(desk).write(lambda connection: connection.execute(tables.attachments.delete()))
    assert [str(each) for each in verified(desk).findings if "attachments" in str(each)]


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ((replace(PDF, content=b"x" * (MOST_BYTES + 1)),), "at most 10 MB together"),
        ((replace(PDF, name="../guide.pdf"),), "has a folder"),
        ((replace(PDF, name="a\x1b[2J.pdf"),), "has a folder, or characters"),
        ((replace(PDF, media_type="text/plain\r\nBcc: x"),), "guide.pdf has no valid media type"),
        ((replace(PDF, content=b""),), "guide.pdf is empty"),
        ((PDF, replace(PDF, name="GUIDE.PDF")), "two attachments are called"),
        (tuple(replace(PDF, name=f"{number}.pdf") for number in range(21)), "at most 20 attachments"),
    ],
)
def test_files_that_cannot_be_attached_are_refused_and_nothing_is_kept(
    desk: Desk, files: tuple[FileContent, ...], said: str
) -> None:
    ref = logged(desk)
    assert said in refused(desk, Reply(ref, "See the guide.", attachments=files))
    assert stored_contents(desk) == []
    assert "replied" not in events(desk, ref)


def test_a_reply_that_is_not_mailed_carries_no_files(desk: Desk, tmp_path: Path) -> None:
    ref = logged(desk)
    assert "by telephone has no attachments" in refused(desk, Reply(ref, "Hello", "telephone", (PDF,)))
    (tmp_path / "other").mkdir()
    with furnished_desk(tmp_path / "other") as silent:
        assert "nothing would send the attachments" in refused(
            silent, Reply(logged(silent), "Hello", attachments=(PDF,))
        )


def test_the_files_of_replies_to_an_erased_contact_are_erased_and_those_to_others_stay(desk: Desk) -> None:
    theirs, shared = replace(PDF, content=b"%PDF-1.7 for Jo"), PDF
    done(desk, Reply(logged(desk), "See this.", attachments=(theirs, replace(shared, name="both.pdf"))))
    done(desk, SaveContact(Contact("kim", "acme", "Kim Lo", email="kim@acme.example")))
    other = logged(desk, contact="kim")
    done(desk, Reply(other, "See that.", attachments=(replace(shared, name="for Jo Park.pdf"),)))
    assert stored_contents(desk) == sorted([theirs.content, shared.content])
    done(desk, EraseContact("jo"), by="sue")
    assert stored_contents(desk) == [shared.content]
    assert "Jo Park" not in " ".join(each.sentence for each in desk.ticket(other).timeline)
    assert verified(desk).is_intact
