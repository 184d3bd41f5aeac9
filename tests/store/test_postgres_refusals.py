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
from supportdesk.store.postgres.connections import Trouble, connect, explain, find_trouble
from tests.postgres import PostgresServer, find_programs

_LENGTH = struct.Struct("!I")


class RefusingServer:
    """Refuses every connection in a language of its own."""

    def __init__(self, state: str, severity: str, words: str) -> None:
        fields = {"S": severity, "V": "FATAL", "C": state, "M": words}
        body = b"".join(f"{name}{value}\0".encode() for name, value in fields.items()) + b"\0"
        self._refusal = b"E" + _LENGTH.pack(len(body) + 4) + body
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.uri = f"postgresql://ann@127.0.0.1:{self._listener.getsockname()[1]}/desk"
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
            stream.write(b"N" if asks_for_encryption else self._refusal)
            stream.flush()
            if not asks_for_encryption:
                return


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
    with closing(RefusingServer(state, severity, words)) as server:
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
