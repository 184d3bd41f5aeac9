"""Pages for the tests of the senders."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st
from msgspec.structs import replace

from supportdesk.watcher.sending.page import OutgoingPage

LONDON = ZoneInfo("Europe/London")

PAGE = OutgoingPage(
    key="0c1f-7",
    target="priya@example.com",
    person="Priya Nair",
    kind="page",
    at=datetime(2026, 11, 27, 3, 0, tzinfo=LONDON),
    summary="Tills in all shops are down",
    why="first on call",
    reference="CD-4CB1-C",
    severity="Critical",
    company="Acme Ltd",
    urgent=True,
)

POISON = (
    "Fire\r\nBcc: all@example.com\r\n\r\nbody \x1b]52;c;aGk=\x07 \u202egnp.exe\u2066 \x00\udcff \ufeff"
    "\r\n.\r\nQUIT\r\n"
)
"""Line ends, a mail header, escapes, reversed text, NUL, half a character, and the end of a mail."""

LONG = POISON * (1 + (1 << 20) // len(POISON))
"""A megabyte of that."""

texts = st.one_of(
    st.text(max_size=60),
    st.text(alphabet='\r\n\t .:;,<>@"\\=?ab\x00\x1b\u0085\u2028\u202e\udcffé€漢', max_size=60),
    st.sampled_from([POISON, "=?utf-8?q?=0aBcc:_x@example.com?=", "." * 400, "a " * 400]),
)
"""Texts that somebody else wrote."""

pages = st.builds(
    OutgoingPage,
    key=texts,
    target=texts,
    person=texts,
    username=texts,
    kind=st.sampled_from(["page", "notice", "test"]),
    at=st.integers(1_780_000_000, 1_900_000_000).map(lambda at: datetime.fromtimestamp(at, LONDON)),
    summary=texts,
    why=texts,
    reference=texts,
    severity=texts,
    company=texts,
    urgent=st.booleans(),
    link=st.none() | texts | st.just("https://desk.example.com/p/" + "t" * 43),
    bundled=st.lists(texts, max_size=3).map(tuple),
)
"""Any pages, with any texts."""


def page(**changes: Any) -> OutgoingPage:
    """Return a page that differs from `PAGE`."""
    return replace(PAGE, **changes)


def poisoned(**changes: Any) -> OutgoingPage:
    """Return a page of which every text is poisoned and has a megabyte, except for what `changes` gives."""
    names = ("key", "person", "username", "summary", "why", "reference", "severity", "company", "link")
    return page(**{**dict.fromkeys(names, LONG), "bundled": (LONG,) * 30, **changes})
