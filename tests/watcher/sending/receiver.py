"""A receiver of HTTP requests on this machine, which behaves as a test says."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

OK = b"HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n"


@dataclass
class Receiver:
    """What a receiver got: the first line, the headers with small names, and the body of each request."""

    port: int
    requests: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)


def status(code: int, *headers: str) -> bytes:
    """An answer with a status."""
    lines = [f"HTTP/1.1 {code} Because", "Content-Length: 0", *headers, "", ""]
    return "\r\n".join(lines).encode()


@contextmanager
def receiver(
    *answers: bytes, then: str = "close", drip: bytes = b"0", certificate: Path | None = None
) -> Iterator[Receiver]:
    """Runs a receiver that gives these answers in turn, the last one again and again.

    After each it closes, drips more bytes, or is silent.
    """
    listening = socket.create_server(("127.0.0.1", 0))
    got = Receiver(listening.getsockname()[1])
    left = threading.Event()
    context = None
    if certificate is not None:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(certificate)

    def serve() -> None:
        while True:
            connection, _ = listening.accept()
            if left.is_set():
                connection.close()
                return
            with suppress(OSError), connection:
                talk(context.wrap_socket(connection, server_side=True) if context else connection)

    def talk(connection: socket.socket) -> None:
        with connection, connection.makefile("rb") as heard:
            first = heard.readline().decode().strip()
            headers = {}
            while (line := heard.readline().decode().strip()) != "":
                name, _, value = line.partition(": ")
                headers[name.lower()] = value
            got.requests.append((first, headers, heard.read(int(headers.get("content-length", 0)))))
            turn = min(len(got.requests), len(answers) or 1) - 1
            connection.sendall(answers[turn] if answers else OK)
            while then == "drip" and not left.wait(0.05):
                connection.sendall(drip)
            if then == "silence":
                left.wait()

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield got
    finally:
        left.set()
        with suppress(OSError):
            socket.create_connection(("127.0.0.1", got.port)).close()
        thread.join()
        listening.close()
