"""A hostile PostgreSQL server: other defaults than anybody expects, and commits that fail at random."""

from __future__ import annotations

import random
import socket
import threading
from contextlib import suppress
from pathlib import Path

from tests.postgres import USER, PostgresServer
from tests.proxy import CHUNK, end

SETTINGS = {
    "default_transaction_isolation": "serializable",
    "default_transaction_deferrable": "on",
    "search_path": "nowhere, public, pg_catalog",
    "datestyle": "German",
    "intervalstyle": "sql_standard",
    "timezone": "Asia/Kathmandu",
    "bytea_output": "escape",
    "client_encoding": "LATIN1",
    "extra_float_digits": "-15",
    "statement_timeout": "60s",
    "lock_timeout": "30s",
    "row_security": "off",
    "quote_all_identifiers": "on",
    "array_nulls": "off",
    "transform_null_equals": "on",
    "backslash_quote": "off",
    "plan_cache_mode": "force_generic_plan",
    "enable_indexscan": "off",
    "default_statistics_target": "1",
    "supportdesk.notify": "off",
}
"""What an administrator may have set for a server, a database or a login."""

EVERY = 12
"""One of so many commits fails."""

_COMMIT, _ABORT = b"COMMIT\0", b"ABORT;\0"
"""What a message that commits has in it, and what makes it roll back: as long, since messages have lengths."""

_ROLLED_BACK = b"C\0\0\0\x0dROLLBACK\0"


class HostileServer(PostgresServer):
    """A server with these settings, whose addresses lead through a `HostileProxy`."""

    def __init__(self, programs: Path, **settings: str) -> None:
        super().__init__(programs, **SETTINGS, **settings)
        self.proxy = HostileProxy(self.port)

    def address(self, database: str, user: str = USER) -> str:
        """Return the address of a desk in one of its databases."""
        return super().address(database, user).replace(f":{self.port}/", f":{self.proxy.port}/")

    def remove(self) -> None:
        """Stop everything and remove its files."""
        self.proxy.close()
        super().remove()


class HostileProxy:
    """Passes connections on to a port of this machine; some commits are cut off before or after, or refused.

    It knows what the driver sends to commit, alone or behind other statements, and what the server answers to ABORT.
    """

    def __init__(self, port: int) -> None:
        self._target = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._random = random.Random(10)
        self.counts = {"cut before": 0, "cut after": 0, "40001": 0, "40P01": 0}
        """How often each has happened."""
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """Take no more connections."""
        end(self._listener)

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                server = socket.create_connection(("127.0.0.1", self._target))
                way = _Way(client, server)
                threading.Thread(target=self._ask, args=(way,), daemon=True).start()
                threading.Thread(target=way.answer, daemon=True).start()

    def _ask(self, way: _Way) -> None:
        with suppress(OSError):
            while said := way.client.recv(CHUNK):
                if _COMMIT in said and self._random.randrange(EVERY) == 0:
                    self._disturb(way, said)
                else:
                    way.server.sendall(said)
        way.end()

    def _disturb(self, way: _Way, said: bytes) -> None:
        what = self._random.choice(list(self.counts))
        self.counts[what] += 1
        if what == "cut before":
            way.end()
        elif what == "cut after":
            # First: the answer must not be passed on.
            end(way.client)
            way.server.sendall(said)
            # It need not answer before it has read what would follow.
            way.server.shutdown(socket.SHUT_WR)
        else:
            way.refusal = _make_refusal(what)
            way.server.sendall(said.replace(_COMMIT, _ABORT))


class _Way:
    """A client's connection and the one to the server. `refusal` takes the place of the next report of a rollback."""

    def __init__(self, client: socket.socket, server: socket.socket) -> None:
        self.client = client
        self.server = server
        self.refusal = b""
        for each in (client, server):
            each.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def answer(self) -> None:
        """Pass on what the server says."""
        with suppress(OSError):
            while said := self.server.recv(CHUNK):
                if self.refusal and _ROLLED_BACK in said:
                    said, self.refusal = said.replace(_ROLLED_BACK, self.refusal), b""
                self.client.sendall(said)
        self.end()

    def end(self) -> None:
        """Cut both."""
        end(self.client)
        end(self.server)


def _make_refusal(state: str) -> bytes:
    """Return the answer of a server that did not commit."""
    fields = b"".join(
        code + value.encode() + b"\0"
        for code, value in ((b"S", "ERROR"), (b"V", "ERROR"), (b"C", state), (b"M", "injected"))
    )
    return b"E" + (len(fields) + 5).to_bytes(4, "big") + fields + b"\0"
