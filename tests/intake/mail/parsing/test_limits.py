"""No message takes long or much memory, and nothing raises an exception; what is not read is remarked."""

from __future__ import annotations

import base64
import random
import time
import tracemalloc

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from supportdesk.intake.mail.parsing import body, html_limit, parser
from supportdesk.intake.mail.parsing.html_text import html_to_text
from supportdesk.intake.mail.parsing.message import MailMessage, UnreadableMail
from supportdesk.intake.mail.parsing.parser import LARGEST, parse_mail, read_mail
from supportdesk.tickets.plain_text import UNWANTED
from tests.intake.mail.parsing.samples import CORPUS, HEAD, NOW, OWN_HOSTS, parsed, sample

MIB = 1 << 20
LARGE = 4 * MIB
LARGER = 12 * MIB
NOISE = base64.encodebytes(random.Random(1).randbytes(LARGER * 3 // 4))
MIXED = b"Content-Type: multipart/mixed; boundary=x\n\n--x\n\nSee the file.\n--x\n"
HOSTILE = {
    # Elements that are never closed, which take an HTML parser quadratic time.
    "open elements": b"Content-Type: text/html\n\n" + b"<div>" * (LARGE // 5),
    # Fonts that a parser of HTML opens again in each paragraph.
    "open fonts": b"Content-Type: text/html\n\n"
    + b"".join(b"<font x=%d>" % number for number in range(900))
    + b"<p>" * (MIB // 4),
    "paragraphs": b"Content-Type: text/html\n\n" + b"<p>a" * (MIB // 4),
    # Each of which took nh3 as long as all before it.
    "entities": b"Content-Type: text/html\n\n" + b"&amp;" * (MIB // 5),
    "fields": b"X-A: b\n" * (LARGE // 7),
    "folded lines": b"X-A: b\n" + b" c\n" * (LARGE // 3),
    "delimiters": b"Content-Type: multipart/mixed; boundary=x\n\n" + b"--x\n" * (LARGE // 4),
    "almost delimiters": b"Content-Type: multipart/mixed; boundary=x\n\n--x\n\n" + b"--xy" * (LARGE // 4),
    "endings of base64": b"Content-Transfer-Encoding: base64\n\n" + b"QQ==" * (LARGE // 4),
    "attributes of TNEF": b"Content-Type: application/ms-tnef\n\n"
    + bytes.fromhex("789f3e220100")
    + (b"\1" + bytes(10)) * (LARGE // 11),
    "events": b"Content-Type: text/calendar\n\nBEGIN:VCALENDAR\n" + b"BEGIN:VEVENT\n" * (LARGE // 13),
    "an empty sender that never ends": b"Return-Path: <" + b" " * 19_990 + b"x\n\n",
    "words that begin a quote": b"\n" + b"On x " * (LARGE // 5),
}


@pytest.mark.slow
@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_message_is_read_in_seconds(content: bytes) -> None:
    started = time.process_time()
    parsed(HEAD + content)
    assert time.process_time() - started < 10


@pytest.mark.slow
@pytest.mark.parametrize(
    "content",
    [
        MIXED
        + b"Content-Type: application/zip; name=a.zip\nContent-Transfer-Encoding: base64\n\n"
        + NOISE
        + b"--x--\n",
        b"\n" + b"some words in a line of text\n" * (LARGER // 29),
        b"Content-Type: text/plain; charset=utf-8\n\n" + "Größe ☃ line\n".encode() * (LARGER // 17),
        b"Content-Transfer-Encoding: quoted-printable\n\n" + b"=41=42 word=\n" * (LARGER // 13),
    ],
    ids=["an attachment", "a text", "letters of several bytes", "quoted-printable"],
)
def test_the_memory_for_a_message_is_a_few_times_its_size(content: bytes) -> None:
    raw = HEAD + content
    tracemalloc.start()
    parsed(raw)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 6 * len(raw)


@pytest.mark.parametrize(
    ("name", "remark"),
    [
        # 40 levels.
        ("deep", "it has more than 20 levels; the rest is in the original only."),
        # 600 parts.
        ("many-parts", "it has more than 500 parts; the rest is in the original only."),
        # A subject of 30,000 letters.
        ("endless-header", "Its header is too long; the rest is in the original only."),
    ],
)
def test_what_is_beyond_a_limit_is_remarked(name: str, remark: str) -> None:
    assert any(each.endswith(remark) for each in sample(name).remarks)


def test_what_is_beyond_the_levels_that_are_read_is_a_file() -> None:
    (file,) = sample("deep").attachments
    assert b"At the bottom." in file.content


def test_a_long_text_is_cut_and_remarked() -> None:
    message = parsed(HEAD + b"\n" + b"a line\n" * 200_000)
    assert len(message.text) <= 1_000_000
    assert message.remarks == (
        "The text has more than 1,000,000 characters; the rest is in the original only.",
    )


def test_a_message_that_is_too_large_is_set_aside() -> None:
    read = parse_mail(HEAD + b"\n" + bytes(LARGEST), now=NOW)
    assert read == UnreadableMail("It has more than 50 MiB.")


class PanicError(BaseException):
    """What a library in Rust raises that breaks off."""


@pytest.mark.parametrize("fault", [RecursionError, PanicError])
def test_a_fault_of_the_program_sets_one_message_aside(
    fault: type[BaseException], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*arguments: object) -> None:
        raise fault

    monkeypatch.setattr(parser, "read_body", fail)
    read = parse_mail(HEAD + b"\nText.\n", now=NOW)
    assert read == UnreadableMail(f"Reading it failed ({fault.__name__}); this is a fault of the program.")


def test_an_intake_that_is_ended_while_it_reads_sets_nothing_aside(monkeypatch: pytest.MonkeyPatch) -> None:
    def end(*arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(parser, "read_body", end)
    with pytest.raises(KeyboardInterrupt):
        parse_mail(HEAD + b"\nText.\n", now=NOW)


SAMPLES = [path.read_bytes() for path in sorted(CORPUS.iterdir())]
CHANGED = st.tuples(
    st.sampled_from(SAMPLES), st.integers(0, 3_000), st.integers(0, 40), st.binary(max_size=40)
).map(lambda change: change[0][: change[1]] + change[3] + change[0][change[1] + change[2] :])


@given(st.one_of(CHANGED, st.binary()))
def test_nothing_raises_an_exception_and_all_texts_are_clean(raw: bytes) -> None:
    message = read_mail(raw, own_hosts=OWN_HOSTS, now=NOW)
    if isinstance(message, UnreadableMail):
        return
    for text in list_texts(message):
        assert not UNWANTED.search(text), ascii(text)
        text.encode()


@given(st.text(st.characters(codec="utf-8"), max_size=60))
@example("(")
def test_no_value_of_a_header_has_a_line_end_or_a_control(text: str) -> None:
    encoded = b"=?utf-8?b?" + base64.b64encode(text.encode()) + b"?="
    for value in (encoded, text.encode()):
        message = parsed(
            b"From: "
            + value
            + b" <jo@acme.example>\nSubject: "
            + value
            + b"\nDate: "
            + value
            + b"\n\nText.\n"
        )
        assert message.sender is not None
        for line in (message.subject, message.sender.name, message.sender.address):
            assert "\n" not in line
            assert not UNWANTED.search(line)


WORDS = st.text(st.sampled_from("abc déß☃ .,>-"), max_size=30).map(str.strip)


@given(st.lists(WORDS, max_size=20), st.sampled_from(["8bit", "base64"]))
def test_each_line_of_a_plain_text_is_in_the_text(lines: list[str], encoding: str) -> None:
    text = "\n".join(lines).encode()
    content = base64.encodebytes(text) if encoding == "base64" else text
    fields = f"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: {encoding}\n\n".encode()
    assert parsed(HEAD + fields + content).text == "\n".join(lines).strip("\n")


def list_texts(value: object) -> list[str]:
    """All texts in a value, and in those that it consists of."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, tuple):
        return [text for each in value for text in list_texts(each)]
    if hasattr(value, "__struct_fields__"):
        return [text for name in value.__struct_fields__ for text in list_texts(getattr(value, name))]
    return []


def test_all_html_of_a_message_is_read_within_one_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[int] = []

    def count(html: str, **options: bool) -> str:
        read.append(len(html))
        return html_to_text(html, **options)

    monkeypatch.setattr(body, "html_to_text", count)
    for unit, most in (("<p>a", html_limit.MOST_HTML), ("a" * 100, html_limit.MOST_HTML)):
        read.clear()
        part = f"--x\r\nContent-Type: text/html\r\n\r\n{unit * (400_000 // len(unit))}\r\n"
        message = f"Content-Type: multipart/mixed; boundary=x\r\n\r\n{part * 20}--x--\r\n"
        found = parse_mail(message.encode(), now=NOW)
        assert isinstance(found, MailMessage)
        assert sum(read) <= most
        assert "The HTML is too long or too deep; the rest is in the original only." in found.remarks


def test_of_many_invitations_a_few_are_put_into_words(monkeypatch: pytest.MonkeyPatch) -> None:
    event = "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:Meet\r\nDTSTART:20261128T100000Z\r\nEND:VEVENT\r\nEND:VCALENDAR"
    part = f"--x\r\nContent-Type: text/calendar\r\n\r\n{event}\r\n"
    found = parse_mail(
        f"Content-Type: multipart/mixed; boundary=x\r\n\r\n{part * 9}--x--\r\n".encode(), now=NOW
    )
    assert isinstance(found, MailMessage)
    assert found.text.count("Meeting: Meet") == body.MOST_CALENDARS
    assert "Only 5 invitations were read; the others are among the attachments." in found.remarks
