"""Where links are served."""

from __future__ import annotations

import pytest

from supportdesk.watcher.links.addresses import ListenAddress, parse_listen


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
