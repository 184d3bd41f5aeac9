"""A desk with a Critical for which somebody is paged, and what a browser does with a link."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from supportdesk.clock import FixedClock
from supportdesk.desk import Desk
from supportdesk.watcher.links.addresses import ListenAddress
from supportdesk.watcher.links.desk_connection import DeskConnection
from supportdesk.watcher.links.link_desk import make_link, page_link
from supportdesk.watcher.links.web_server import serve_links
from tests.databases import address_at
from tests.store.desks import furnished_desk, logged
from tests.tickets.scenario import MONDAY_NINE

HOSTILE = "</dd><script>alert(1)</script>\"'&"


class PagedDesk(NamedTuple):
    """A desk, its clock, a Critical and the username of the person paged for it."""

    desk: Desk
    clock: FixedClock
    ref: str
    person: str

    def link(self, base: str = "https://desk.example.com", person: str | None = None) -> str:
        """Return a new link to the last page of the person."""
        username = person or self.person
        page = [page for page in self.desk.ticket(self.ref).pages if page.person == username][-1]
        return make_link(self.desk, base, page_link(self.ref, username, page.at))

    def token(self) -> str:
        """Return the secret part of a new link."""
        return self.link().rpartition("/")[2]

    def is_paged(self, person: str | None = None) -> bool:
        """Return whether the page of the person is open."""
        open_pages = self.desk.ticket(self.ref).ticket.open_pages
        return any(page.person == (person or self.person) for page in open_pages)


class Answer(NamedTuple):
    """What a server answered."""

    status: int
    headers: http.client.HTTPMessage
    text: str


@contextmanager
def paged_desk(folder: Path) -> Iterator[PagedDesk]:
    """A desk with a Critical, which pages the person on call."""
    clock = FixedClock(MONDAY_NINE)
    with furnished_desk(folder, clock) as desk:
        ref = logged(desk, severity="critical", channel="hotline", summary=f"All is down {HOSTILE}")
        person = desk.ticket(ref).pages[-1].person
        assert person is not None
        yield PagedDesk(desk, clock, ref, person)


@contextmanager
def served_desk(folder: Path) -> Iterator[tuple[PagedDesk, str]]:
    """The same, with its links served at an address of this machine."""
    with paged_desk(folder) as paged:
        connection = DeskConnection(lambda: Desk.open(address_at(folder / "desk.db"), paged.clock))
        try:
            with serve_links(connection, ListenAddress("127.0.0.1", 0)) as port:
                yield paged, f"http://127.0.0.1:{port}"
        finally:
            connection.close()


def fetch(url: str, method: str = "GET", body: bytes = b"", **headers: str) -> Answer:
    """Fetch an address as a browser does, without following anything."""
    address = urlsplit(url)
    connection = http.client.HTTPConnection(str(address.hostname), address.port)
    try:
        connection.request(method, address.path, body or None, headers)
        response = connection.getresponse()
        return Answer(response.status, response.headers, response.read().decode())
    finally:
        connection.close()
