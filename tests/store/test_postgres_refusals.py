"""What a server refuses is understood by its state, whatever language it speaks."""

from __future__ import annotations

import os
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import closing, suppress

import psycopg
import pytest

from supportdesk.store.database import open_database
from supportdesk.store.errors import DeskUnavailableError
from supportdesk.store.postgres.connections import (
    Trouble,
    connect,
    explain,
    find_trouble,
    parameters,
    reason_of,
)
from supportdesk.store.postgres.refusals import find_refusal
from supportdesk.store.postgres.server_connection import ServerConnection
from tests.databases import POSTGRES, use
from tests.postgres import PostgresServer, find_programs
from tests.proxy import Proxy
from tests.store.desks import running_server

pytestmark = pytest.mark.server

_LENGTH = struct.Struct("!I")


class RefusingServer:
    """Answers every login with the same message."""

    def __init__(self, answer: bytes) -> None:
        self._answer = answer
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.uri = f"postgresql://ann@127.0.0.1:{self.port}/desk"
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                with client, client.makefile("rwb") as stream:
                    self._refuse(stream)

    def _refuse(self, stream: object) -> None:
        assert hasattr(stream, "read")
        assert hasattr(stream, "write")
        assert hasattr(stream, "flush")
        while True:
            (length,) = _LENGTH.unpack(stream.read(4))
            asks_for_encryption = len(stream.read(length - 4)) == _LENGTH.size
            stream.write(b"N" if asks_for_encryption else self._answer)
            stream.flush()
            if not asks_for_encryption:
                return


def refusal(state: str, severity: str, words: str) -> bytes:
    """Return the message by which a server refuses a login in a language of its own."""
    fields = {"S": severity, "V": "FATAL", "C": state, "M": words}
    body = b"".join(f"{name}{value}\0".encode() for name, value in fields.items()) + b"\0"
    return b"E" + _LENGTH.pack(len(body) + 4) + body


def refused(uri: str) -> psycopg.OperationalError:
    with pytest.raises(psycopg.OperationalError) as raised:
        connect(uri)
    return raised.value


@pytest.mark.parametrize(
    ("state", "severity", "words", "trouble", "told"),
    [
        ("28P01", "FATAL", "Passwort-Authentifizierung fehlgeschlagen", Trouble.FINAL, "does not let you in"),
        ("28000", "FATAL", "kein pg_hba.conf-Eintrag", Trouble.FINAL, "does not let you in"),
        ("3D000", "FATAL", "la base de données n'existe pas", Trouble.FINAL, "has no such database"),
        ("42501", "ВАЖНО", "нет доступа к базе данных", Trouble.FINAL, "desk"),
        (
            "55000",
            "FATAL",
            "Datenbank nimmt zur Zeit keine Verbindungen an",
            Trouble.FINAL,
            "takes no connections",
        ),
        ("53300", "致命的エラー", "接続数が多すぎます", Trouble.STARTING, "has no connection left"),
        ("57P03", "FATAL", "das Datenbanksystem startet", Trouble.STARTING, "cannot be reached"),
        ("08P01", "FATAL", "no such database: desk", Trouble.FINAL, "has no such database"),
        ("08P01", "FATAL", "server login has been failing", Trouble.STARTING, "cannot be reached"),
        ("08P01", "FATAL", "unsupported startup parameter: options", Trouble.FINAL, "cannot be used now"),
    ],
)
def test_a_refusal_is_understood_by_its_state(
    state: str, severity: str, words: str, trouble: Trouble, told: str
) -> None:
    with closing(RefusingServer(refusal(state, severity, words))) as server:
        error = refused(server.uri)
    assert error.sqlstate == state
    assert find_trouble(error) is trouble
    assert told in explain(error, "the desk")
    assert words in str(error)


@pytest.fixture(scope="module")
def german_server() -> Iterator[PostgresServer]:
    """A server that speaks German, where its translations are installed."""
    programs = find_programs()
    if programs is None:
        pytest.skip("PostgreSQL is not installed: apt-get install postgresql")
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(os.environ, "LANGUAGE", "de")
        server = PostgresServer(programs, lc_messages="C.UTF-8")
    yield server
    server.remove()


def test_a_server_that_speaks_german_is_understood(german_server: PostgresServer) -> None:
    for address, told in (
        (german_server.address("nirgends"), "has no such database: check its name"),
        (german_server.address("postgres", "niemand"), "does not let you in: check your user name"),
    ):
        with pytest.raises(DeskUnavailableError, match=told):
            open_database(address)


def test_where_no_server_answers_it_is_tried_again() -> None:
    error = refused("postgresql://127.0.0.1:1/desk")
    assert error.sqlstate is None
    assert find_trouble(error) is Trouble.DISCONNECTED


@pytest.fixture
def server() -> Iterator[PostgresServer]:
    with use(POSTGRES):
        yield running_server()


def test_a_server_that_may_only_be_read_is_told_from_one_that_is_away(server: PostgresServer) -> None:
    name = server.make_database()
    with server.connect("postgres") as connection:
        connection.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on".encode())
    error = refused(server.address(name).replace("+psycopg", ""))
    server.drop_database(name)
    assert error.sqlstate == "25006"
    assert find_trouble(error) is Trouble.DISCONNECTED, "another one may have become the primary"
    assert "may only be read, as a standby" in explain(error, "the desk")


def test_a_server_that_is_ready_at_the_second_try_is_tried_again(server: PostgresServer) -> None:
    assert find_refusal(parameters(server.address("postgres").replace("+psycopg", ""))) == "57P03"


def test_a_login_without_the_password_that_is_asked_for_is_told_so() -> None:
    # A server asks for it in the clear (method 3).
    with closing(RefusingServer(b"R" + _LENGTH.pack(8) + _LENGTH.pack(3))) as server:
        error = refused(server.uri)
    assert error.sqlstate == "28P01"
    assert "does not let you in" in explain(error, "the desk")


def test_a_server_that_refuses_more_connections_in_any_language_is_waited_for(
    server: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ServerConnection, "silence", 0.2)
    with (
        closing(Proxy(server.port)) as proxy,
        closing(RefusingServer(refusal("53300", "致命的エラー", "接続数が多すぎます"))) as full,
        connect(f"postgresql://postgres@127.0.0.1:{proxy.port}/postgres") as connection,
    ):
        proxy.lead_to(full.port)
        found = connection.execute("SELECT 1 FROM pg_sleep(1)").fetchone()
    assert found == (1,)


def test_a_server_that_is_gone_is_not_waited_for(
    server: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ServerConnection, "silence", 0.2)
    with (
        closing(Proxy(server.port)) as proxy,
        closing(connect(f"postgresql://postgres@127.0.0.1:{proxy.port}/postgres")) as connection,
    ):
        proxy.lead_to(1)
        with pytest.raises(psycopg.OperationalError, match="the server does not answer"):
            connection.execute("SELECT 1 FROM pg_sleep(100)")


@pytest.mark.parametrize("host", ["127.0.0.1", "nowhere.invalid", "/nowhere"])
def test_the_reason_of_a_failure_is_given_without_the_address(host: str) -> None:
    said = reason_of(refused(f"postgresql://ann@/desk?host={host}&port=1"))
    assert said
    assert host not in said
