"""What an IMAP server says."""

from __future__ import annotations

import socket
from datetime import UTC

from supportdesk.access.login import Login
from supportdesk.intake.mail.imap.client import ImapClient
from supportdesk.intake.mail.imap.connection import ImapMailBox, explained
from supportdesk.intake.mail.imap.server import ImapError, ImapMessageError, ImapServer
from supportdesk.intake.mail.imap.session import ImapSession
from tests.fuzz.target import Target, assert_plain

_SERVER = ImapServer("imap.example.com", Login("desk", lambda: "hunter2"))
_LARGEST = 1 << 20
_NEXT, _TAG = b"%%", b"@TAG"
"""What ends an answer of a sample, and stands for the name of the command that it answers."""


class _Sample(ImapClient):
    """A client that hears the parts of a sample, one whenever it has to wait."""

    def __init__(self, sample: bytes, connection: socket.socket) -> None:
        self._parts = iter(sample.split(_NEXT))
        self._tag = b""
        super().__init__(connection, _SERVER.host, seconds=60, largest=_LARGEST)

    def send(self, data: object) -> None:
        assert isinstance(data, bytes)
        self._tag = data.partition(b" ")[0]

    def _receive(self) -> None:
        part = next(self._parts, None)
        if part is None:
            raise self.abort("it ended")
        self._received += part.replace(_TAG, self._tag)


def _check(sample: bytes) -> None:
    """A folder is opened and read, or it is said in plain words why not, whatever the server says."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        try:
            with explained(_SERVER.host):
                client = _Sample(sample, ours)
                client.login("desk", "hunter2")
                client.refresh_capabilities()
            _read(ImapSession(ImapMailBox(client), _SERVER))
        except (ImapError, ImapMessageError) as error:
            assert_plain(str(error).replace("hunter2", "\0"))


def _read(session: ImapSession) -> None:
    for uid in session.find_new():
        delivery = session.fetch(uid)
        if delivery is not None:
            assert delivery.identity == f"{session.validity}.{uid}"
            assert len(delivery.content) <= _LARGEST
            assert delivery.delivered_at is None or delivery.delivered_at.tzinfo is UTC
        session.put_away(uid)
    session.wait(0, must_end=lambda: True)


imap = Target("imap", _check, text=False, longest=1 << 16)
