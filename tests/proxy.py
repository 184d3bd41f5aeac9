"""A way to a server that can be cut, blocked, or made to swallow an answer."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress

CHUNK = 1 << 16
"""The most bytes that are read at once."""


class Proxy:
    """Passes connections on to a port of this machine until `close`.

    While `swallow` is set, the answer to the next message of a client that contains it is waited for and not passed on;
    then the connection is cut, and if it `closes_then`, no other is let in. While `refuse` is set, such a message is
    not even passed on.
    """

    def __init__(self, port: int) -> None:
        self._target = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._pairs: list[tuple[socket.socket, socket.socket]] = []
        self._guard = threading.Lock()
        self.swallow = b""
        self.refuse = b""
        self.closes_then = False
        self.swallowed = threading.Event()
        self._swallowing: socket.socket | None = None
        self._is_blocked = threading.Event()
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """Cut every connection that there is."""
        with self._guard:
            pairs, self._pairs = self._pairs, []
        for pair in pairs:
            for each in pair:
                end(each)

    def lead_to(self, port: int) -> None:
        """Pass new connections on to another port."""
        self._target = port

    def block(self) -> None:
        """Let nothing through, and no new connection either: all who wait get no answer."""
        self._is_blocked.set()

    def unblock(self) -> None:
        """Let new connections through again; those that were blocked are cut."""
        self.cut()
        self._is_blocked.clear()

    def close(self) -> None:
        """Cut everything and listen no more."""
        end(self._listener)
        self.cut()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                server = socket.socket()
                with self._guard:
                    self._pairs.append((client, server))
                threading.Thread(target=self._serve, args=(client, server), daemon=True).start()

    def _serve(self, client: socket.socket, server: socket.socket) -> None:
        with suppress(OSError):
            if not self._is_blocked.is_set():
                server.connect(("127.0.0.1", self._target))
                threading.Thread(target=self._answer, args=(client, server), daemon=True).start()
            while said := client.recv(CHUNK):
                if self._is_blocked.is_set():
                    continue
                if self.refuse and self.refuse in said:
                    self.refuse = b""
                    break
                if self.swallow and self.swallow in said:
                    self.swallow = b""
                    if self.closes_then:
                        end(self._listener)
                    # First: the answer must not be passed on.
                    self._swallowing = client
                    end(client)
                    server.sendall(said)
                    # The server need not answer before it has read what would follow.
                    server.shutdown(socket.SHUT_WR)
                    return
                server.sendall(said)
        end(client)
        end(server)

    def _answer(self, client: socket.socket, server: socket.socket) -> None:
        with suppress(OSError):
            while said := server.recv(CHUNK):
                if not self._is_blocked.is_set():
                    client.sendall(said)
        if self._swallowing is client:
            self.swallowed.set()
        end(client)
        end(server)


def end(connection: socket.socket) -> None:
    """Close a connection, and wake up who waits for something from it."""
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
    connection.close()
