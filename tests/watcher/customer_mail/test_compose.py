"""The headers of a mail to a customer, and what the intake reads when such a mail comes back."""

from __future__ import annotations

import re
from email import message_from_bytes, policy
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from supportdesk.attachments.file_name import clean_file_name
from supportdesk.intake.mail.parsing.automatic import AutomaticKind
from supportdesk.sla.mail_kind import MailKind
from supportdesk.tickets.attached_file import FileContent
from supportdesk.tickets.plain_text import UNWANTED
from supportdesk.watcher.customer_mail.compose import compose
from supportdesk.watcher.customer_mail.content import MailContent, MailEnvelope
from tests.intake.mail.parsing.samples import parsed
from tests.watcher.customer_mail.samples import REF, content_of, envelope_of, render
from tests.watcher.sending.pages import texts

HEADERS = {
    *("from", "to", "subject", "date", "message-id", "x-supportdesk-reference", "auto-submitted"),
    *("x-auto-response-suppress", "content-type", "mime-version"),
}
KINDS = pytest.mark.parametrize("kind", MailKind)
kinds = st.sampled_from(MailKind)


def read(content: MailContent, envelope: MailEnvelope) -> Any:
    """A composed mail as Python reads it."""
    return message_from_bytes(compose(content, envelope), policy=policy.default)


@given(kind=kinds, text=texts, thread=st.lists(texts, max_size=3))
@example(kind=MailKind.REPLY, text="x\r\nBcc: all@example.com\r\n\r\nbody", thread=["a@b>\r\nBcc: <c@d"])
@example(kind=MailKind.RECEIPT, text="=?utf-8?q?x=0D=0ABcc:_all@example.com?=", thread=[])
def test_no_text_makes_another_header_another_recipient_or_another_part(
    kind: MailKind, text: str, thread: list[str]
) -> None:
    content = content_of(kind, summary=text, text=text, contact_name=text, author_name=text, release=text)
    raw = compose(content, envelope_of(target_name=text, thread=tuple(thread)))
    assert raw.isascii()
    assert not {b"\r", b"\n"} & set(re.findall(rb"[\r\n]", raw.replace(b"\r\n", b"")))
    assert max(map(len, raw.splitlines())) < 998
    mail: Any = message_from_bytes(raw, policy=policy.default)
    names = sorted(name.lower() for name in mail.keys())  # noqa: SIM118 - a header may be there twice
    assert set(names) - {"in-reply-to", "references"} == HEADERS
    assert len(names) == len(set(names))
    assert [each.addr_spec for each in mail["to"].addresses] == ["dana@acme.example"]
    assert str(mail["subject"]).split() == render(content).subject.split()
    assert not UNWANTED.search(str(mail["subject"]) + str(mail["to"]))
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]


@given(name=texts)
@example(name='x"; filename="y.exe\r\nBcc: all@example.com\r\n\r\nbody')
@example(name="Übersicht \N{SNOWMAN} " + "x" * 300 + ".pdf")
def test_no_name_of_a_file_makes_another_header_or_another_part(name: str) -> None:
    file = FileContent(clean_file_name(name) or "attachment", "application/pdf", b"\r\n--=_\r\n.\r\n\xff")
    content, envelope = content_of(MailKind.REPLY), envelope_of()
    raw = compose(content, envelope, files=(file,))
    assert raw == compose(content, envelope, files=(file,)), "the same at every attempt"
    assert raw.isascii()
    assert max(map(len, raw.splitlines())) < 998
    mail: Any = message_from_bytes(raw, policy=policy.default)
    assert {name.lower() for name in mail.keys()} == HEADERS  # noqa: SIM118 - as above
    assert [part.get_content_type() for part in mail.iter_parts()] == [
        "multipart/alternative",
        "application/pdf",
    ]
    [part] = mail.iter_attachments()
    assert (part.get_filename(), part.get_payload(decode=True)) == (file.name, file.content)


@given(kind=kinds, text=texts)
@example(kind=MailKind.REPLY, text="From here on\n.\n-- \n> quoted\n\n\n  indented\n" + "wide " * 400)
def test_the_intake_reads_a_mail_back_with_the_same_reference_and_text(kind: MailKind, text: str) -> None:
    content = content_of(kind, text=text)
    mail = parsed(compose(content, envelope_of()))
    assert mail.thread.in_subject == (REF,)
    assert mail.text.split() == render(content).text.split()
    assert mail.identity.message_id == "m-17-mail@example.com"
    assert not mail.remarks


@KINDS
def test_lines_come_back_as_they_were_written(kind: MailKind) -> None:
    content = content_of(kind, text="1. Open Settings\n\n    lpr -o 50%\n> quoted\n-- \nGrüße")
    assert parsed(compose(content, envelope_of())).text == render(content).text.rstrip("\n")


@KINDS
def test_all_but_a_reply_are_known_as_sent_by_a_program(kind: MailKind) -> None:
    automatic = parsed(compose(content_of(kind), envelope_of())).automatic
    assert automatic is not None
    expected = AutomaticKind.UNANSWERABLE if kind is MailKind.REPLY else AutomaticKind.NOTIFICATION
    assert automatic.kind is expected


@pytest.mark.parametrize(
    ("content", "media_type", "charset"),
    [
        ("Größe £5".encode(), "text/plain", "utf-8"),
        (b"\xff\xfe1", "application/octet-stream", None),
    ],
)
def test_an_attached_text_is_read_as_it_was_written(
    content: bytes, media_type: str, charset: str | None
) -> None:
    raw = compose(
        content_of(MailKind.REPLY), envelope_of(), files=(FileContent("list.txt", "text/plain", content),)
    )
    mail: Any = message_from_bytes(raw, policy=policy.default)
    [attached] = mail.iter_attachments()
    assert (attached.get_content_type(), attached.get_content_charset()) == (media_type, charset)
    assert attached.get_payload(decode=True) == content


def test_a_mail_is_the_same_at_every_attempt() -> None:
    assert compose(content_of(MailKind.RECEIPT), envelope_of()) == compose(
        content_of(MailKind.RECEIPT), envelope_of()
    )


def test_a_mail_continues_the_thread_that_it_is_given() -> None:
    thread = tuple(f"m{number}@example.com" for number in range(3))
    mail = parsed(compose(content_of(MailKind.REPLY), envelope_of(thread=thread)))
    assert mail.thread.in_reply_to == ("m2@example.com",)
    assert mail.thread.references == thread


def test_of_a_long_thread_the_first_and_the_last_messages_are_named() -> None:
    thread = tuple(f"m{number}@example.com" for number in range(500))
    references = parsed(compose(content_of(MailKind.REPLY), envelope_of(thread=thread))).thread.references
    assert references == (thread[0], *thread[-19:])


def test_the_date_is_that_of_the_event_in_the_zone_of_the_policy() -> None:
    mail = read(content_of(MailKind.REPLY, timezone="Asia/Dubai"), envelope_of())
    assert mail["date"] == "Fri, 27 Nov 2026 22:05:00 +0400"


def test_a_reply_goes_to_an_address_with_the_reference_only_where_the_server_takes_such() -> None:
    assert read(content_of(MailKind.REPLY), envelope_of())["reply-to"] is None
    mail = read(content_of(MailKind.REPLY), envelope_of(plus_addressing=True))
    assert mail["reply-to"] == f"Support <support+{REF}@example.com>"


@pytest.mark.parametrize(
    "changes",
    [
        {"target": "dana@acme.example, eve@evil.example"},
        {"target": "dana@acme.example\r\nBcc: eve@evil.example"},
        {"sender": ""},
        {"message_id": "a b@example.com"},
        {"message_id": "a@example.com>\r\nBcc: <eve@evil.example"},
        {"message_id": "a" * 300},
    ],
)
def test_an_address_or_an_identity_with_a_fault_is_refused(changes: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"not an email address|not a Message-ID"):
        compose(content_of(MailKind.REPLY), envelope_of(**changes))


def test_a_reference_with_a_fault_is_refused() -> None:
    with pytest.raises(ValueError, match="not a reference"):
        compose(content_of(MailKind.REPLY, ref="CD-1\r\nBcc: eve@evil.example"), envelope_of())
