"""A connection is made to any address of a host, and ends at its deadline."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from supportdesk.access.connection import Deadline, describe_error


@pytest.fixture
def answering(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Has a host have these addresses; where there is no address, its name is unknown."""

    def answer(*addresses: tuple[str, int]) -> None:
        found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", address) for address in addresses]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)

    return answer


def test_an_address_that_refuses_or_is_silent_does_not_keep_from_the_next(answering: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as good, socket.socket() as silent, socket.socket() as closed:
        # A queue of one that is full accepts nobody, and refuses nobody.
        silent.bind(("127.0.0.1", 0))
        silent.listen(0)
        closed.bind(("127.0.0.1", 0))
        with socket.create_connection(silent.getsockname()):
            answering(closed.getsockname(), silent.getsockname(), good.getsockname())
            with Deadline(1.5) as deadline, deadline.connect("desk.example.com", 1) as connection:
                assert connection.getpeername() == good.getsockname()


def test_the_last_failure_is_that_of_the_host(answering: Any) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        answering(closed.getsockname())
        with Deadline(30) as deadline, pytest.raises(ConnectionRefusedError):
            deadline.connect("desk.example.com", 1)


@pytest.mark.parametrize("host", ["a" * 64, "a..b"])
def test_a_name_that_cannot_be_one_is_unknown(host: str) -> None:
    with Deadline(30) as deadline, pytest.raises(socket.gaierror) as raised:
        deadline.connect(host, 1)
    assert describe_error(raised.value) == "its name is unknown here"


def test_a_wait_for_the_other_side_ends_at_the_deadline() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as listening,
        Deadline(0.3) as deadline,
        deadline.connect(*listening.getsockname()) as connection,
    ):
        connection.settimeout(None)
        assert connection.recv(1) == b""
        assert deadline.is_over
