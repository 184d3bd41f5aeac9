"""What is made of texts for telephones, mailboxes, programs and browsers."""

from __future__ import annotations

import asyncio
import email
import email.policy
import json
from datetime import datetime
from html.parser import HTMLParser
from typing import Any, cast
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from supportdesk.desk_api import DeskApi
from supportdesk.watcher.links.desk_connection import DeskConnection
from supportdesk.watcher.links.web_app import make_web_app
from supportdesk.watcher.links.web_page import PageFacts, page_after, page_to_acknowledge
from supportdesk.watcher.sending import page_text
from supportdesk.watcher.sending.mail_message import build_mail
from supportdesk.watcher.sending.page import OutgoingPage
from tests.fuzz.target import Target, as_text, assert_plain, text_target

AT = datetime(2026, 11, 27, 3, 0, tzinfo=ZoneInfo("Europe/London"))
MARKUP = "html head meta title style body main h1 dl dt dd form button p".split()  # noqa: SIM905
"""The elements of a page behind a link."""

PAGE = OutgoingPage(key="x", target="jo@example.com", person="x", kind="page", at=AT, summary="x")
TEXTS = ("key", "person", "username", "summary", "why", "reference", "severity", "company", "link")
HEADERS = build_mail(PAGE, "desk@example.com").partition(b"\r\n\r\n")[0].count(b"\r\n") + 1


@text_target("outgoing-page")
def outgoing_pages(text: str) -> None:
    """No text adds a line, a header, a recipient or a command of a terminal to what is sent."""
    page = replace(PAGE, bundled=(text, text), **dict.fromkeys(TEXTS, text))
    assert len(page_text.short_text(page)) <= page_text.SHORT
    assert len(page_text.subject(page)) <= page_text.SUBJECT
    for line in (page_text.short_text(page), page_text.subject(page), *page_text.body(page).split("\n")):
        assert_plain(line)
        assert len(line.splitlines()) <= 1
    document = json.loads(page_text.to_json(page))
    assert document["to"] == "jo@example.com"
    assert page_text.to_json(page).count(b"\n") == 1
    mail = build_mail(page, "Desk <desk@example.com>")
    assert mail.isascii()
    assert all(len(line) <= 998 for line in mail.split(b"\r\n"))
    read = email.message_from_bytes(mail, policy=email.policy.default)
    assert not read.defects
    assert len(read.keys()) == len(set(read.keys())) == HEADERS
    assert [each.addr_spec for each in read["To"].addresses] == ["jo@example.com"]
    assert read.get_content().replace("\r\n", "\n") == page_text.body(page)


class _Reader(HTMLParser):
    """Reads a page as a browser does: its tags, and its texts one by one."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.facts: list[str] = []
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attrs}
        self.facts += [""] if tag in ("title", "h1", "dt", "dd", "p") else []

    def handle_data(self, data: str) -> None:
        if self.facts:
            self.facts[-1] += data


@text_target("web-page")
def web_pages(text: str) -> None:
    """No text adds markup to a page behind a link, and it is shown as it was written."""
    text = text.replace("\0", "")
    facts = PageFacts(text, (("Summary", text), (text, "x")))
    for page, tags in ((page_to_acknowledge(facts), 16), (page_after(facts, text), 10)):
        reader = _Reader()
        reader.feed(page)
        reader.close()
        assert set(reader.tags) <= set(MARKUP)
        assert len(reader.tags) == tags, reader.tags
        assert reader.attributes <= {"lang", "charset", "name", "content", "method"}
        assert text in reader.facts or not text


class _NoDesk:
    """A desk without links, for requests that must not reach anything else of it."""

    def find_page_link(self, digest: str) -> None:
        assert len(digest) == 64

    def close(self) -> None:
        pass


APP = make_web_app(DeskConnection(lambda: cast(DeskApi, _NoDesk())))


def _check_request(sample: bytes) -> None:
    """A request for whatever path, with whatever headers, gets a page that tells nothing."""
    path, _, rest = sample.partition(b"\n")
    headers = [(b"content-length", rest[:12])] if rest else []
    for method in ("GET", "POST"):
        status, body = asyncio.run(_answer(method, as_text(path), path, headers))
        assert 400 <= status < 500, status
        assert b"not valid" in body or b"not possible" in body or b"Too many" in body


async def _answer(
    method: str, path: str, raw: bytes, headers: list[tuple[bytes, bytes]]
) -> tuple[int, bytes]:
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": f"/p/{path}",
        "raw_path": raw,
        "query_string": raw,
        "root_path": "",
        "headers": headers,
        "client": ("192.0.2.7", 1),
        "server": ("desk.example", 80),
    }
    await APP(scope, receive, send)
    return sent[0]["status"], b"".join(each.get("body", b"") for each in sent)


requests = Target("request", _check_request, text=False, quick=False, longest=8_192)
