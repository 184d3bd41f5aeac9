"""Mail from strangers."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from supportdesk.intake.mail.parsing.message import UnreadableMail
from supportdesk.intake.mail.parsing.parser import read_mail
from supportdesk.intake.mail.parsing.quotes import split_quoted
from tests.fuzz.target import Target, assert_helps, assert_plain

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
HOSTS = ("mx.desk.test",)


def _check_mail(sample: bytes) -> None:
    """A message is read or says why not; its texts are plain, and its identity is the same by another way."""
    message = read_mail(sample, own_hosts=HOSTS, now=NOW)
    if isinstance(message, UnreadableMail):
        assert_helps(message.reason, "It ")
        return
    _check_texts(message)
    for remark in message.remarks:
        assert_helps(remark, " ")
    split = split_quoted(message.text)
    assert "\n".join((*split.visible, *split.hidden)) == message.text
    assert len({each.name.casefold() for each in message.attachments}) == len(message.attachments)
    assert message.received_at is None or message.received_at <= NOW
    if sample[:1].isalpha() and not sample.startswith(b"From "):
        again = read_mail(b"Received: by mx.other.test\n" + sample, own_hosts=HOSTS, now=NOW)
        assert not isinstance(again, UnreadableMail)
        assert again.identity == message.identity or message.remarks


def _check_texts(value: Any) -> None:
    if isinstance(value, str):
        assert_plain(value)
    elif isinstance(value, tuple):
        for each in value:
            _check_texts(each)
    elif hasattr(value, "__struct_fields__"):
        for name in value.__struct_fields__:
            _check_texts(getattr(value, name))


mail = Target("mail", _check_mail, text=False, longest=1 << 20)
