"""Connections that end at a deadline, however slowly the other side talks, and why one failed."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from supportdesk.access.secret import SetupError
from supportdesk.tickets.plain_text import clean_line

_Address = tuple[
    socket.AddressFamily,
    socket.SocketKind,
    int,
    str,
    tuple[str, int] | tuple[str, int, int, int] | tuple[int, bytes],
]


class Deadline:
    """Shuts a connection down after so many seconds, so that a caller that waits for the other side gets an error.

    The timeout of a socket begins again with each byte that arrives, so it alone ends no connection.
    """

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds
        self._twin: socket.socket | None = None
        self._timer: threading.Timer | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer.join()
        if self._twin is not None:
            self._twin.close()

    @property
    def left(self) -> float:
        """The seconds left, at least a little: as the timeout of a single step."""
        return max(0.01, self._end - time.monotonic())

    @property
    def is_over(self) -> bool:
        """Whether the time is up."""
        return time.monotonic() >= self._end

    def connect(self, host: str, port: int) -> socket.socket:
        """Return a connection that ends at the deadline. Raises OSError.

        Each address of the host has its share of the time, so that one that is silent does not keep from the next.
        """
        connection = self._connect_any(_find_addresses(host, port))
        # A connection that TLS wraps is another object; its twin ends it all the same.
        self._twin = connection.dup()
        self._timer = threading.Timer(self.left, self._end_connection)
        self._timer.daemon = True
        self._timer.start()
        return connection

    def _connect_any(self, addresses: Sequence[_Address]) -> socket.socket:
        failure = OSError("no address")
        for number, (family, kind, protocol, _, address) in enumerate(addresses):
            connection = socket.socket(family, kind, protocol)
            try:
                connection.settimeout(self.left / (len(addresses) - number))
                connection.connect(address)
                connection.settimeout(self.left)
                return connection
            except OSError as error:
                connection.close()
                failure = error
        raise failure

    def _end_connection(self) -> None:
        with contextlib.suppress(OSError):
            if self._twin is not None:
                self._twin.shutdown(socket.SHUT_RDWR)


def _find_addresses(host: str, port: int) -> Sequence[_Address]:
    """Return the addresses of a host. Raises OSError; asking the name server is not part of the deadline."""
    try:
        return socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except UnicodeError as error:
        raise socket.gaierror(socket.EAI_NONAME, "not a name") from error


def trust(ca_file: Path | None) -> ssl.SSLContext:
    """Return a context that accepts servers with a certificate of an authority in `ca_file`, or of a well-known one.

    Raises SetupError.
    """
    try:
        return ssl.create_default_context(cafile=ca_file)
    except ssl.SSLError as error:
        raise SetupError(f"{ca_file} contains no certificates in PEM format") from error
    except OSError as error:
        raise SetupError(f"{ca_file} cannot be read: {error.strerror}") from error


def describe_error(error: BaseException) -> str:
    """Return why a connection failed, in a few words. The text of an exception may quote an address: it is not used."""
    match error:
        case ssl.SSLCertVerificationError():
            return f"its certificate is not accepted: {clean_line(error.verify_message, 100).text}"
        case ssl.SSLError():
            return "no encrypted connection is possible"
        case TimeoutError():
            return "no answer in time"
        case ConnectionResetError() | BrokenPipeError():
            return "it ended the connection"
        case socket.gaierror():
            return "its name is unknown here"
        case OSError() if error.strerror:
            return error.strerror[0].lower() + error.strerror[1:]
    return type(error).__name__
