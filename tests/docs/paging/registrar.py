"""A telephone system that knows one account: a SIP registrar over UDP that asks for a password."""

from __future__ import annotations

import hashlib
import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

_COPIED = ("via", "from", "to", "call-id", "cseq")
_NONCE = "8f3a"
_REALM = "desk"


class Registrar(NamedTuple):
    """A running registrar: its port, and whether each request that named the account had the right password."""

    port: int
    attempts: list[bool]


@contextmanager
def registrar(user: str, password: str) -> Iterator[Registrar]:
    """Runs a registrar that lets this user register with this password, and no other."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listening:
        listening.bind(("127.0.0.1", 0))
        found = Registrar(listening.getsockname()[1], [])
        thread = threading.Thread(target=_serve, args=(listening, found, user, password))
        thread.start()
        try:
            yield found
        finally:
            listening.sendto(b"", listening.getsockname())
            thread.join()


def _serve(listening: socket.socket, found: Registrar, user: str, password: str) -> None:
    while True:
        data, sender = listening.recvfrom(65_536)
        if not data:
            return
        first, *lines = data.decode().split("\r\n")
        if not first.startswith("REGISTER "):
            continue
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
        status, extra = "401 Unauthorized", f'WWW-Authenticate: Digest realm="{_REALM}", nonce="{_NONCE}"\r\n'
        if "authorization" in headers:
            right = _is_right(headers["authorization"], user, password)
            found.attempts.append(right)
            status, extra = (
                ("200 OK", f"Contact: {headers['contact']};expires=3600\r\n")
                if right
                else ("403 Forbidden", "")
            )
        copied = "".join(f"{name}: {headers[name]}\r\n" for name in _COPIED)
        answer = f"SIP/2.0 {status}\r\n{copied}{extra}Content-Length: 0\r\n\r\n"
        listening.sendto(answer.encode(), sender)


def _is_right(authorization: str, user: str, password: str) -> bool:
    """Return whether a digest is that of the user and the password (RFC 2617)."""
    said = dict(re.findall(r'(\w+)="?([^",]*)"?', authorization))
    secret = _md5(f"{user}:{_REALM}:{password}")
    return bool(said["response"] == _md5(f"{secret}:{_NONCE}:{_md5('REGISTER:' + said['uri'])}"))


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
