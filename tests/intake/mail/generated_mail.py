"""Messages as customers' programs build them, of lines that are known: what a test looks for on the ticket."""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping
from email.message import MIMEPart
from email.policy import SMTP
from itertools import chain

from hypothesis import strategies as st
from msgspec import Struct

STAFF = "Ann Lee <ann@claritum.example>"
SUBJECT, MESSAGE_ID = "What the mail is about", "<message@acme.example>"
CUSTOMER = "Jo Park <jo@acme.example>"


class GeneratedMail(Struct, frozen=True):
    """A message. `lines` are what the customer wrote in it, in order, and `files` the names of what is attached.

    It `has_more` where a part of it has text that is shown in no other, or where it is too long to be shown whole.
    """

    content: bytes
    lines: tuple[str, ...]
    files: tuple[str, ...]
    has_more: bool


class _Body(Struct, frozen=True):
    part: MIMEPart
    lines: tuple[str, ...]
    files: tuple[str, ...] = ()
    has_more: bool = False


_WORDS = st.sampled_from(
    (
        *(
            "printer",
            "does",
            "not",
            "print",
            "Grüße",
            "Ελλάδα",
            "Привет",
            "打印机",
            "العربية",
            "שלום",
            "😀",
            "cafe\u0301",
        ),
        *(
            "x" * 150,
            "<b>",
            "&lt;",
            "&amp;",
            "[1/2]",
            "https://acme.example/?a=1&b=2",
            "--",
            "100%",
            "\t",
            "=20",
            "Re:",
        ),
    )
)
_SENTENCES = st.lists(_WORDS, min_size=1, max_size=5).map(" ".join) | st.text(
    "abc XYZ<>&;:\"'/=[]-_*.,#@", min_size=1, max_size=30
)
_MARKS = st.sampled_from(("", "", "", "> ", ">> ", "  ", "- "))
_SPECIAL = st.sampled_from(
    (
        *("", "", "-- ", "On Mon, 23 Nov 2026 at 09:00, Support wrote:", "-----Original Message-----"),
        *(
            "From: Support <support@claritum.example>",
            "Sent: Monday",
            "To: Jo",
            "Subject: The printer",
            "_" * 32,
        ),
        *("[Attached: nothing.]", "From me, as agreed", ".", "> ", "On Tuesday he", "wrote:"),
    )
)
_QUOTE = ("", "On Mon, 23 Nov 2026 at 09:00, Support wrote:", "> Is it plugged in?", "> > It is.")
_FORWARDED = (
    "---------- Forwarded message ---------",
    f"From: {CUSTOMER}",
    "Date: Mon, 23 Nov 2026 at 09:00",
    f"Subject: {SUBJECT}",
    "To: Ann Lee <ann@claritum.example>",
)
_LONG = 30_000
"""More characters than a ticket shows of one text."""


@st.composite
def _lines(draw: st.DrawFn) -> tuple[str, ...]:
    """Lines, of which those that are not special have a number, so that each is found."""
    lines = []
    for number in range(draw(st.integers(1, 8))):
        special = draw(st.none() | _SPECIAL)
        lines.append(
            special if special is not None else f"{draw(_MARKS)}Line{number}n {draw(_SENTENCES)}".rstrip()
        )
    if draw(st.integers(0, 2)) == 0:
        lines += _QUOTE
    if draw(st.integers(0, 9)) == 0:
        lines.insert(draw(st.integers(0, len(lines))), "\n".join(["filler " * 10] * (_LONG // 70)))
    return tuple("\n".join(lines).split("\n"))


def _multipart(subtype: str, *parts: MIMEPart) -> MIMEPart:
    """A part of parts; its boundary is in none of them, as it is longer than all of theirs."""
    part = MIMEPart(policy=SMTP)
    inner = chain.from_iterable(each.walk() for each in parts)
    longest = max(len(each.get_boundary() or "") for each in inner)
    part["Content-Type"] = f'multipart/{subtype}; boundary="{"_".ljust(longest + 1, "=")}"'
    for each in parts:
        part.attach(each)
    return part


_TRANSFER = st.sampled_from(("quoted-printable", "base64", "8bit"))
_TAGS = ("p", "div", "li", "pre", "td", "h1", "span", "blockquote")


def _plain(lines: tuple[str, ...], encoding: str) -> MIMEPart:
    part = MIMEPart(policy=SMTP)
    part.set_content("\n".join(lines) + "\n", cte=encoding)
    return part


def _html(lines: tuple[str, ...], encoding: str, tags: tuple[str, ...]) -> MIMEPart:
    part = MIMEPart(policy=SMTP)
    body = []
    for number, line in enumerate(lines):
        tag = tags[number % len(tags)]
        text = html.escape(line, quote=number % 2 == 0)
        text = f"<tr><td>{text}</td></tr>" if tag == "td" else f"<{tag}>{text}</{tag}>"
        body.append(f"{text}<br>" if tag == "span" else text)
    content = f"<html><head><title>Hidden</title></head><body>{''.join(body)}</body></html>"
    # As programs do, long lines are broken where a space is.
    part.set_content(content.replace("><", ">\n<"), subtype="html", cte=encoding)
    return part


@st.composite
def _texts(draw: st.DrawFn) -> _Body:
    """A text, its HTML, or both: of the same lines, or not."""
    lines, encoding = draw(_lines()), draw(_TRANSFER)
    tags = tuple(draw(st.lists(st.sampled_from(_TAGS), min_size=1, max_size=4)))
    form = draw(st.sampled_from(("plain", "html", "both", "differing")))
    if form == "plain":
        return _Body(_plain(lines, encoding), lines)
    if form == "html":
        return _Body(_html(lines, encoding, tags), lines)
    more = ("Only one of the forms has zebras.",) if form == "differing" else ()
    in_plain = draw(st.booleans())
    part = _multipart(
        "alternative",
        _plain((*lines, *more) if in_plain else lines, encoding),
        _html(lines if in_plain else (*lines, *more), encoding, tags),
    )
    return _Body(part, (*lines, *more), has_more=form == "differing")


def _wrap(bodies: st.SearchStrategy[_Body]) -> st.SearchStrategy[_Body]:
    return st.one_of(_mixed(bodies), _related(bodies), _signed(bodies))


def _file(name: str, text: str, disposition: str) -> MIMEPart:
    part = MIMEPart(policy=SMTP)
    part.set_content(text)
    part.add_header("Content-Disposition", disposition, filename=name)
    return part


@st.composite
def _mixed(draw: st.DrawFn, bodies: st.SearchStrategy[_Body]) -> _Body:
    """Several texts after one another, and a file between them."""
    chosen = draw(st.lists(bodies, min_size=1, max_size=2))
    name = f"notes-{draw(st.integers(1, 999))}.txt"
    file = _file(name, "Words in a file.", draw(st.sampled_from(("attachment", "inline"))))
    first, *others = (each.part for each in chosen)
    part = _multipart("mixed", first, file, *others)
    return _Body(
        part,
        _all(each.lines for each in chosen),
        (*_all(each.files for each in chosen), name),
        any(each.has_more for each in chosen),
    )


@st.composite
def _related(draw: st.DrawFn, bodies: st.SearchStrategy[_Body]) -> _Body:
    """A text with a picture in it, which is no file of the customer's."""
    body = draw(bodies)
    picture = MIMEPart(policy=SMTP)
    picture.set_content(
        b"GIF89a\1\0\1\0\0\0\0;", "image", "gif", cid="<logo@acme.example>", disposition="inline"
    )
    return _Body(_multipart("related", body.part, picture), body.lines, body.files, body.has_more)


@st.composite
def _signed(draw: st.DrawFn, bodies: st.SearchStrategy[_Body]) -> _Body:
    body = draw(bodies)
    signature = MIMEPart(policy=SMTP)
    signature.set_content(b"-----BEGIN PGP SIGNATURE-----\n", "application", "pgp-signature")
    return _Body(_multipart("signed", body.part, signature), body.lines, body.files, body.has_more)


def _all(parts: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(chain.from_iterable(parts))


def _with_headers(part: MIMEPart, headers: Mapping[str, str]) -> MIMEPart:
    part["MIME-Version"] = "1.0"
    for name, value in headers.items():
        part[name] = value
    return part


_BODIES = st.recursive(_texts(), _wrap, max_leaves=4)


@st.composite
def generated_mails(draw: st.DrawFn) -> GeneratedMail:
    """A message of a customer, or one that a member of staff forwards: attached to theirs, or in its text."""
    headers = {"To": "support@claritum.example", "Subject": SUBJECT, "Message-ID": MESSAGE_ID}
    way = draw(st.sampled_from(("sent", "sent", "attached", "inline")))
    if way == "inline":
        lines, encoding = draw(_lines()), draw(_TRANSFER)
        body = _Body(_plain(("For you.", "", *_FORWARDED, "", *lines), encoding), lines)
        message = _with_headers(body.part, {"From": STAFF, **headers})
    else:
        body = draw(_BODIES)
        message = _with_headers(body.part, {"From": CUSTOMER, **headers})
    files = body.files
    if way == "attached":
        attached = MIMEPart(policy=SMTP)
        attached.set_content(message)
        outer = _multipart("mixed", _plain(("For you.",), "8bit"), attached)
        # The files are in the attached message, which is a file.
        message, files = _with_headers(outer, {"From": STAFF, **headers}), ()
    is_long = sum(map(len, body.lines)) > _LONG // 2
    return GeneratedMail(message.as_bytes(), body.lines, files, body.has_more or is_long)
