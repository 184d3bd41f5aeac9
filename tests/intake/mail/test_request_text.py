"""The texts of a ticket that are made from a message: nothing that staff must know of it is cut."""

from __future__ import annotations

from email.message import EmailMessage

import pytest

from supportdesk.intake.mail.assessment import NewRequest
from supportdesk.intake.mail.request_text import describe_request
from supportdesk.tickets.command import TEXT_LIMIT
from supportdesk.tickets.documents import Person
from tests.intake.mail.parsing.samples import parsed
from tests.tickets.scenario import RECORDS

LONG = "It does not print. " * 2_000


def message(text: str, subject: str = "The printer") -> EmailMessage:
    made = EmailMessage()
    made["From"], made["Subject"] = "Jo Park <jo@acme.example>", subject
    made.set_content(text)
    return made


def describe(content: EmailMessage, forwarded_by: Person | None = None) -> str:
    mail = parsed(content.as_bytes())
    text = mail.forwarded.text if forwarded_by is not None and mail.forwarded is not None else mail.text
    return describe_request(NewRequest((), mail.subject, text, forwarded_by), mail, "e417cadb")


def test_a_long_text_ends_where_it_says_so_and_its_files_are_named() -> None:
    content = message(LONG)
    content.add_attachment("x", filename="log.txt")
    description = describe(content)
    text, _, remarks = description.rpartition("\n\n")
    assert remarks == (
        "[The text goes on. The whole message is kept: supportdesk intake original e417cadb > FILE.eml]\n"
        "[Attached: log.txt (2 bytes).]"
    )
    assert TEXT_LIMIT - 10 < len(description) <= TEXT_LIMIT
    assert LONG.startswith(text)


def test_more_files_than_there_is_room_for_are_counted_and_leave_room_for_the_text() -> None:
    content = message(LONG)
    for number in range(200):
        content.add_attachment("x", filename=f"{'x' * 150}{number}.txt")
    description = describe(content)
    assert len(description) <= TEXT_LIMIT
    assert description.index("\n\n") > TEXT_LIMIT // 2 - 10
    last = description.splitlines()[-1]
    named = description.count("[Attached: ")
    assert last == f"[Remarks that are left out: {200 - named}.]"


@pytest.mark.parametrize(
    ("kind", "name", "is_named"), [("application/pdf", "invoice.pdf", True), ("image/png", "logo.png", False)]
)
def test_a_file_that_the_text_does_not_show_is_named_however_it_came(
    kind: str, name: str, is_named: bool
) -> None:
    content = message("See below.")
    main, sub = kind.split("/")
    content.add_attachment(b"%PDF-1.7", maintype=main, subtype=sub, filename=name, disposition="inline")
    assert (f"[Attached: {name} (8 bytes).]" in describe(content)) is is_named


def test_what_was_wrong_with_a_message_that_staff_forward_is_said() -> None:
    forwarded = message("Only text.")
    forwarded.add_alternative("<p>Only text. And more.</p>", subtype="html")
    content = message("For you.")
    content.add_attachment(forwarded)
    description = describe(content, RECORDS.staff["ann"])
    assert description.startswith("Only text.\n\n[Forwarded by Ann")
    assert description.endswith(
        "[It also came as HTML, with words that are not here; they are in the original only.]"
    )


@pytest.mark.parametrize(
    "html",
    [
        "<p>Hello Jo,</p><p>see <a href='https://acme.example/x?id=7'>the order</a>.</p>",
        "<p>HELLO&nbsp;Jo, <img alt='Our logo' src='cid:x'></p>see <a href='mailto:a@b.example'>the order</a>",
    ],
)
def test_html_that_says_the_same_as_the_text_is_not_mentioned(html: str) -> None:
    content = message("Hello Jo,\n\nsee the order (https://acme.example/x?id=7).")
    content.add_alternative(html, subtype="html")
    assert "[" not in describe(content)
