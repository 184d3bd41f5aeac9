"""Says which tokens are valid, to a mail server that asks (RFC 7662), as an identity provider does."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs


class TokenAuthority(ThreadingHTTPServer):
    """A server that knows which token is whose. `asked` has the tokens that it was asked about."""

    daemon_threads = True

    def __init__(self, users: dict[str, str]) -> None:
        super().__init__(("127.0.0.1", 0), _Introspection)
        self.users = users
        self.asked: list[str] = []

    @property
    def url(self) -> str:
        """Where a token is posted."""
        return f"http://127.0.0.1:{self.server_port}/introspect"


class _Introspection(BaseHTTPRequestHandler):
    server: TokenAuthority

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        [token] = parse_qs(self.rfile.read(length).decode())["token"]
        self.server.asked.append(token)
        user = self.server.users.get(token)
        answer = {"active": True, "username": user} if user else {"active": False}
        body = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's name
        """Say nothing."""


@contextmanager
def token_authority(users: dict[str, str]) -> Iterator[TokenAuthority]:
    """A server that ends with the block; `users` are the names of users by their tokens."""
    server = TokenAuthority(users)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
