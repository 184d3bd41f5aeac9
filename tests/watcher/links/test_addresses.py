"""Where links are served and by which address people reach them."""

from __future__ import annotations

import pytest

from supportdesk.watcher.links.addresses import ListenAddress, check_base, parse_listen


@pytest.mark.parametrize(
    ("text", "address", "local"),
    [
        ("127.0.0.1:8025", ListenAddress("127.0.0.1", 8025), True),
        ("localhost:0", ListenAddress("localhost", 0), True),
        ("[::1]:8025", ListenAddress("::1", 8025), True),
        ("0.0.0.0:80", ListenAddress("0.0.0.0", 80), False),
        ("[::]:80", ListenAddress("::", 80), False),
        ("desk.example.com:80", ListenAddress("desk.example.com", 80), False),
        ("127.0.0.1.example.com:80", ListenAddress("127.0.0.1.example.com", 80), False),
    ],
)
def test_only_addresses_of_this_machine_are_local(text: str, address: ListenAddress, local: bool) -> None:
    assert parse_listen(text) == address
    assert address.is_local is local


@pytest.mark.parametrize(
    "text", ["", "8025", ":8025", "127.0.0.1", "a:99999", "a:b", "a b:1", "http://a:1", "[::1]"]
)
def test_what_is_no_host_and_port_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not HOST:PORT"):
        parse_listen(text)


@pytest.mark.parametrize(
    ("text", "base"),
    [
        ("https://desk.example.com", "https://desk.example.com"),
        ("https://example.com/desk/", "https://example.com/desk"),
        ("http://127.0.0.1:8025", "http://127.0.0.1:8025"),
        ("http://[::1]:8025", "http://[::1]:8025"),
    ],
)
def test_links_begin_with_a_web_address_that_nobody_between_can_read(text: str, base: str) -> None:
    assert check_base(text) == base


@pytest.mark.parametrize(
    "text",
    [
        "",
        "desk.example.com",
        "ftp://example.com",
        "https://",
        "https://u@example.com",
        "https://example.com?a",
        "https://example.com/#a",
        "https://exa mple.com",
        "https://example.com\nX: 1",
        "https://example.com:0",
        "https://[::1",
        "https://example.com/" + "x" * 100,
    ],
)
def test_what_is_no_web_address_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no web address"):
        check_base(text)


def test_an_address_without_tls_is_refused() -> None:
    with pytest.raises(ValueError, match="must begin with https://"):
        check_base("http://desk.example.com")
