"""An IMAP connection whose every step ends at a deadline, however slowly the server talks."""

from __future__ import annotations

import imaplib
import select
import socket
import ssl
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer as Buffer

_CHUNK = 1 << 16
_LONGEST_LINE = 16 << 20
"""The most bytes of a line: it has the numbers of two million messages."""


class ImapClient(imaplib.IMAP4):
    """Speaks IMAP over a socket that is connected already, and hears the server's greeting when it is made.

    Raises imaplib.IMAP4.abort or OSError where the connection is lost, and imaplib.IMAP4.error for what the server does
    not understand or allow. A literal, such as a message, has at most `largest` bytes.
    """

    def __init__(self, connection: socket.socket, host: str, *, seconds: float, largest: int) -> None:
        """Make a client that gives the server so many `seconds` for its first answers; see `allow`."""
        self._connection = connection
        self._largest = largest
        self._received = bytearray()
        self.allow(seconds)
        super().__init__(host)

    def allow(self, seconds: float) -> None:
        """Give the server so many seconds for everything until the next call."""
        self._end = time.monotonic() + seconds

    def encrypt(self, context: ssl.SSLContext) -> None:
        """Go on with TLS, by STARTTLS. What came before it, in the clear, is not believed."""
        answer, _ = self.xatom("STARTTLS")
        if answer != "OK":
            raise self.error("the server refused STARTTLS")
        if self._received:
            raise self.abort("the server said more before the connection was encrypted")
        self._connection = self.sock = context.wrap_socket(self.sock, server_hostname=self.host)
        self.refresh_capabilities()

    def refresh_capabilities(self) -> None:
        """Ask what the server can do, which changes with TLS and with the login."""
        _, data = self.capability()
        self.capabilities = tuple(str(data[-1] or b"", "ascii", "replace").upper().split())

    def has_news(self, seconds: float) -> bool:
        """Wait up to so many seconds until the server says something or ends the connection; return whether it did."""
        if self._received or (isinstance(self.sock, ssl.SSLSocket) and self.sock.pending()):
            return True
        poll = select.poll()
        poll.register(self.sock, select.POLLIN)
        return bool(poll.poll(seconds * 1000))

    def _create_socket(self, _: float | None = None) -> socket.socket:
        return self._connection

    def send(self, data: Buffer) -> None:
        """Send bytes, by the deadline."""
        self.sock.settimeout(self._left())
        self.sock.sendall(data)

    def read(self, size: int) -> bytes:
        """Return so many bytes, by the deadline."""
        if size > self._largest:
            raise self.abort(f"the server sends {size} bytes at once")
        while len(self._received) < size:
            self._receive()
        return self._take(size)

    def readline(self) -> bytes:
        """Return the next line with its end, by the deadline."""
        place = 0
        while (end := self._received.find(b"\n", place)) < 0:
            place = len(self._received)
            if place > _LONGEST_LINE:
                raise self.abort("the server sends a line without an end")
            self._receive()
        return self._take(end + 1)

    def _receive(self) -> None:
        self.sock.settimeout(self._left())
        part = self.sock.recv(_CHUNK)
        if not part:
            raise self.abort("the server ended the connection")
        self._received += part

    def _take(self, size: int) -> bytes:
        part = bytes(self._received[:size])
        del self._received[:size]
        return part

    def _left(self) -> float:
        left = self._end - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left
