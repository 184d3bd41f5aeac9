"""The server behind links: what a browser gets, and what it does with everything else."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supportdesk.desk import Desk
from supportdesk.watcher.links import web_server
from supportdesk.watcher.links.addresses import ListenAddress
from supportdesk.watcher.links.desk_connection import DeskConnection
from supportdesk.watcher.links.guess_limit import PER_CLIENT
from supportdesk.watcher.links.token import make_token
from supportdesk.watcher.links.web_server import serve_links
from tests.patience import LAST_RESORT, wait_for
from tests.store.database_tool import read_all
from tests.store.desks import address_of
from tests.watcher.links.desks import HOSTILE, PagedDesk, fetch, served_desk

Served = tuple[PagedDesk, str]


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    with served_desk(tmp_path) as served:
        yield served


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One for all tests that change nothing of it."""
    with served_desk(tmp_path_factory.mktemp("served")) as served:
        yield served


def test_the_button_acknowledges_and_the_link_is_over(served: Served) -> None:
    paged, base = served
    link = paged.link(base)
    page = fetch(link)
    assert page.status == 200
    assert '<form method="post"><button>Acknowledge</button></form>' in page.text
    pressed = fetch(link, "POST")
    assert (pressed.status, paged.is_paged()) == (200, False)
    said = "You acknowledged the page at 09:00 GMT. That is valid until 09:30 GMT; then it escalates further."
    assert said in pressed.text
    for method in ("POST", "GET"):
        again = fetch(link, method)
        assert again.status == 410
        assert paged.ref not in again.text


def test_links_that_are_fetched_by_get_and_head_ten_times_write_nothing(shared: Served) -> None:
    paged, base = shared
    link = paged.link(base)
    seq, stored = paged.desk.changes(0).seq, read_all(address_of(paged.desk))
    for method in ("GET", "HEAD") * 10:
        answer = fetch(link, method, purpose="prefetch")
        assert (answer.status, bool(answer.text)) == (200, method == "GET")
    assert paged.is_paged()
    assert (paged.desk.changes(0).seq, read_all(address_of(paged.desk))) == (seq, stored)


def test_what_a_customer_wrote_is_text_and_the_page_has_no_script(shared: Served) -> None:
    paged, base = shared
    page = fetch(paged.link(base)).text
    assert HOSTILE not in page
    assert "&lt;/dd&gt;&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#x27;&amp;" in page
    assert "<script" not in page


@pytest.mark.parametrize("path", ["LINK", "/p/unknown", "/"])
def test_every_answer_has_the_strict_headers(served: Served, path: str) -> None:
    paged, base = served
    # POST last: it acknowledges the page.
    for method in ("GET", "HEAD", "DELETE", "OPTIONS", "TRACE", "POST"):
        headers = fetch(paged.link(base) if path == "LINK" else base + path, method).headers
        assert "default-src 'none'" in headers["content-security-policy"], method
        assert "frame-ancestors 'none'" in headers["content-security-policy"], method
        assert headers["cache-control"] == "no-store", method
        assert headers["referrer-policy"] == "no-referrer", method
        assert headers["x-content-type-options"] == "nosniff", method
        assert "server" not in headers, method
        assert "access-control-allow-origin" not in headers, method


def test_wrong_expired_and_used_links_get_the_same_page(served: Served) -> None:
    paged, base = served
    used, expired = paged.link(base), paged.link(base)
    wrong = fetch(f"{base}/p/{make_token()}")
    fetch(used, "POST")
    answers = [fetch(used), fetch(used, "POST")]
    paged.clock.set(paged.clock.now() + timedelta(days=1))
    answers += [fetch(expired), fetch(expired, "POST")]
    assert [answer.status for answer in (wrong, *answers)] == [404, 410, 410, 410, 410]
    assert {answer.text for answer in answers} == {wrong.text}


def test_guessing_is_slowed_down_and_keeps_nobody_from_their_own_link(served: Served) -> None:
    paged, base = served
    link = paged.link(base)
    statuses = [fetch(f"{base}/p/{make_token()}").status for _ in range(PER_CLIENT + 3)]
    assert statuses == [404] * PER_CLIENT + [429] * 3
    assert fetch(f"{base}/p/{make_token()}", "POST").headers["retry-after"] == "60"
    assert fetch(link).status == 200
    assert fetch(link, "POST").status == 200
    assert not paged.is_paged()


@pytest.mark.sqlite
def test_a_desk_that_cannot_be_reached_is_said_and_the_server_goes_on(served: Served, tmp_path: Path) -> None:
    paged, base = served
    link = paged.link(base)
    assert fetch(link).status == 200
    (tmp_path / "desk.db").rename(tmp_path / "elsewhere.db")
    answer = fetch(link, "POST")
    assert answer.status == 503
    assert "not acknowledged" in answer.text
    assert "desk.db" not in answer.text
    (tmp_path / "elsewhere.db").rename(tmp_path / "desk.db")
    assert fetch(link, "POST").status == 200


def test_a_fault_of_the_program_tells_nothing_and_the_server_goes_on(
    served: Served, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    paged, base = served
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    link = paged.link(base)
    with monkeypatch.context() as broken:

        def fail(*_: object) -> None:
            raise RuntimeError(f"a secret of {link}")

        broken.setattr(Desk, "ticket", fail)
        answer = fetch(link)
        assert answer.status == 500
        assert "secret" not in answer.text
        assert "secret" not in "".join(capsys.readouterr())
    assert fetch(link).status == 200


def send(base: str, data: bytes) -> bytes:
    """Send bytes to the server, and return what it answers until it closes the connection."""
    address = urlsplit(base)
    with socket.create_connection((str(address.hostname), address.port), timeout=LAST_RESORT) as connection:
        try:
            connection.sendall(data)
            connection.shutdown(socket.SHUT_WR)
            answered = b""
            while part := connection.recv(65536):
                answered += part
            return answered
        except OSError:  # it closed the connection before everything was sent
            return b""


@pytest.mark.parametrize(
    "data",
    [
        b"GET /p/" + b"x" * 100_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\n" + b"X-A: b\r\n" * 20_000 + b"\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nX-A: " + b"b" * 1_000_000 + b"\r\n\r\n",
        b"GET /p/%ff%fe%00 HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET /p/%2e%2e%2f%2e%2e%2fetc HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET /p/\xff\xfe HTTP/1.1\r\nHost: a\r\n\r\n",
        b"BREW /p/x HTTP/1.1\r\nHost: a\r\n\r\n",
        b"CONNECT example.com:443 HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET http://example.com/ HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
        b"POST /p/x HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
        b"POST /p/x HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999\r\n\r\n",
        b"POST /p/x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFF\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"\x00" * 1000,
        b"\r\n" * 1000,
        b"",
    ],
    ids=range(19),
)
def test_what_is_no_proper_request_is_refused_and_the_server_stays_up(shared: Served, data: bytes) -> None:
    paged, base = shared
    answered = send(base, data)
    assert not answered or int(answered.split(b" ")[1]) >= 400, answered
    assert fetch(paged.link(base)).status == 200
    assert paged.is_paged()


def test_random_bytes_never_stop_the_server(tmp_path: Path) -> None:
    with served_desk(tmp_path) as (paged, base):

        @given(
            st.one_of(
                st.binary(max_size=300),
                st.binary(max_size=100).map(
                    lambda data: b"POST /p/" + data + b" HTTP/1.1\r\nHost: a\r\n\r\n"
                ),
                st.binary(max_size=100).map(
                    lambda data: b"GET / HTTP/1.1\r\nHost: a\r\n" + data + b"\r\n\r\n"
                ),
            )
        )
        def check(data: bytes) -> None:
            answered = send(base, data)
            assert not answered or b" 200 " not in answered.split(b"\r\n")[0]

        check()
        assert fetch(paged.link(base)).status == 200
        assert paged.is_paged()


def test_what_fails_outside_a_request_is_logged_without_its_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    words = "Jo Park, +44 20 7946 0018"

    def fail(self: object) -> None:
        raise LookupError(words)

    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.setattr(web_server, "PATIENCE", 0)
    monkeypatch.setattr(web_server.PatientProtocol, "_close_if_silent", fail)
    log = tmp_path / "supportdesk" / "crash.log"
    with served_desk(tmp_path) as (_, base):
        address = urlsplit(base)
        with socket.create_connection((str(address.hostname), address.port or 0)):
            wait_for(log.exists, lambda: "nothing is logged")
    assert "LookupError" in log.read_text()
    assert words not in log.read_text() + caplog.text


def test_a_long_content_is_refused_unread(served: Served) -> None:
    paged, base = served
    assert fetch(paged.link(base), "POST", body=b"x" * 5_000).status == 413
    assert paged.is_paged()


def test_connections_that_say_nothing_are_closed(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    paged, base = served
    monkeypatch.setattr(web_server, "PATIENCE", 0.2)
    address = urlsplit(base)
    silent = [
        socket.create_connection((str(address.hostname), address.port), timeout=LAST_RESORT)
        for _ in range(50)
    ]
    try:
        for each in silent:
            each.sendall(b"GET /p/x HTTP/1.1\r\nX-")
        for each in silent:
            assert each.recv(1) == b""
    finally:
        for each in silent:
            each.close()
    assert fetch(paged.link(base)).status == 200


@pytest.mark.parametrize(
    "data",
    [
        b"GET /p/x HTTP/1.1\r\nHost: desk.example\r\n\r\nGET /p/x HTTP/1.1\r\nX-",
        b"POST /p/x HTTP/1.1\r\nHost: desk.example\r\nContent-Length: 9\r\n\r\nx",
    ],
    ids=["a second request without an end", "a content that does not come"],
)
def test_no_connection_is_held_by_what_never_ends(
    served: Served, monkeypatch: pytest.MonkeyPatch, data: bytes
) -> None:
    paged, base = served
    monkeypatch.setattr(web_server, "LIFETIME", 0.5)
    address = urlsplit(base)
    with (
        socket.create_connection((str(address.hostname), address.port), timeout=LAST_RESORT) as held,
        suppress(ConnectionResetError),
    ):
        held.sendall(data)
        while held.recv(4_096):
            pass
    assert fetch(paged.link(base)).status == 200


def test_too_many_connections_are_refused_and_once_they_are_gone_links_work(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    paged, base = served
    address = urlsplit(base)
    link = paged.link(base)
    held = [
        socket.create_connection((str(address.hostname), address.port), timeout=LAST_RESORT)
        for _ in range(web_server.CONNECTIONS)
    ]
    try:
        wait_for(lambda: fetch(link).status == 503, lambda: "never refused")
    finally:
        for each in held:
            each.close()
    wait_for(lambda: fetch(link).status == 200, lambda: "still refused")


def test_the_server_ends_with_its_block(tmp_path: Path) -> None:
    with served_desk(tmp_path) as (paged, base):
        link = paged.link(base)
        assert fetch(link).status == 200
    with pytest.raises(ConnectionRefusedError):
        fetch(link)


def test_an_address_that_is_taken_is_reported(served: Served) -> None:
    paged, base = served
    with (
        pytest.raises(OSError, match="in use"),
        serve_links(
            DeskConnection(lambda: paged.desk), ListenAddress("127.0.0.1", int(base.rpartition(":")[2]))
        ),
    ):
        pass
