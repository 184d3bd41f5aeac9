"""No text makes a second header, a second recipient or a broken mail."""

from __future__ import annotations

from email import message_from_bytes, policy

from hypothesis import given

from supportdesk.tickets.plain_text import UNWANTED
from supportdesk.watcher.sending.mail_header import find_address_fault, mailbox
from supportdesk.watcher.sending.mail_message import build_mail
from supportdesk.watcher.sending.page import OutgoingPage
from supportdesk.watcher.sending.page_text import body, subject
from tests.watcher.sending.pages import page, pages, texts

HEADERS = {
    *("from", "to", "subject", "date", "message-id", "x-idempotency-key", "auto-submitted"),
    *("x-auto-response-suppress", "content-type", "content-transfer-encoding", "mime-version"),
}
URGENT = {"importance", "priority", "x-priority"}


@given(pages)
def test_no_text_makes_another_header_or_another_recipient(sent: OutgoingPage) -> None:
    if find_address_fault(sent.target) is not None:
        sent = page(
            **{**{name: getattr(sent, name) for name in sent.__struct_fields__}, "target": "jo@example.com"}
        )
    raw = build_mail(sent, "Desk <desk@example.com>")
    assert raw.isascii()
    assert b"\n" not in raw.replace(b"\r\n", b"")
    read = message_from_bytes(raw, policy=policy.default)
    names = [name.lower() for name in read.keys()]  # noqa: SIM118 - a header may be there twice
    assert sorted(names) == sorted(HEADERS | (URGENT if sent.urgent else set()))
    assert [each.addr_spec for each in read["to"].addresses] == [mailbox(sent.target).address]
    assert not UNWANTED.search(str(read["subject"]) + str(read["to"]))
    assert read.get_content().replace("\r", "") == body(sent)
    assert str(read["subject"]) == subject(sent)


@given(texts)
def test_any_text_is_an_address_or_has_a_fault_in_one_line(text: str) -> None:
    fault = find_address_fault(text)
    if fault is None:
        assert b"To: " in build_mail(page(target=text), text)
    else:
        assert "\n" not in fault
        assert len(fault) < 200


def test_a_domain_in_other_letters_is_written_as_servers_know_it() -> None:
    assert mailbox("jo@büro.example").address == "jo@xn--bro-hoa.example"
