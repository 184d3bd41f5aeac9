"""An IMAP server on this machine that does what no good one does, as a test says."""

from __future__ import annotations

import base64
import re
import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

ALL = "IMAP4rev1 IDLE MOVE UIDPLUS AUTH=PLAIN AUTH=XOAUTH2"


@dataclass
class ScriptedServer:
    """What the server has, and what it was told. `instead` answers a command otherwise than a good server does."""

    capabilities: str = ALL
    messages: dict[int, bytes] = field(default_factory=dict)
    deleted: set[int] = field(default_factory=set)
    flags: str = r"\Seen \Deleted \*"
    token: str = "correct-token"
    port: int = 0
    commands: list[str] = field(default_factory=list)
    logins: list[str] = field(default_factory=list)
    instead: dict[str, Callable[[Conversation], None]] = field(default_factory=dict)
    connections: int = 0

    def list_commands(self, name: str) -> list[str]:
        """The commands that begin with a name."""
        return [each for each in self.commands if each.startswith(name)]


class Conversation(socketserver.StreamRequestHandler):
    """One connection; `tag` and `arguments` are those of the command that is being answered."""

    server: _Listener
    tag = ""
    arguments = ""

    @property
    def state(self) -> ScriptedServer:
        return self.server.state

    def say(self, *lines: str | bytes) -> None:
        """Send lines, all at once."""
        self.wfile.write(
            b"".join((each.encode() if isinstance(each, str) else each) + b"\r\n" for each in lines)
        )

    def done(self, *lines: str | bytes) -> None:
        """Send lines, and that the command is carried out."""
        self.say(*lines, f"{self.tag} OK done")

    def listen(self) -> str:
        """Return the next line of the client; empty at its end."""
        return self.rfile.readline().decode().rstrip("\r\n")

    def handle(self) -> None:
        self.state.connections += 1
        try:
            self.say("* OK ready")
            while line := self.listen():
                self.tag, _, command = line.partition(" ")
                self.state.commands.append(command)
                found = re.match(r"UID \w+|\w+", command)
                name = found[0].upper() if found else ""
                self.arguments = command[len(name) :].strip()
                answer = self.state.instead.get(name) or _ANSWERS.get(name, Conversation.done)
                answer(self)
        except (OSError, EndError):
            pass

    def end(self) -> None:
        """End the connection without a word."""
        raise EndError

    def fetch(self) -> None:
        """Answer a FETCH as a good server does."""
        uid = int(self.arguments.split()[0])
        content = self.state.messages.get(uid)
        if content is None:
            self.done()
        elif "BODY" in self.arguments:
            self.done(b"* 1 FETCH (UID %d BODY[] {%d}" % (uid, len(content)), content + b")")
        else:
            self.done(
                f'* 1 FETCH (UID {uid} RFC822.SIZE {len(content)} INTERNALDATE "23-Nov-2026 09:00:00 +0000")'
            )


class EndError(Exception):
    """The server ends the connection."""


class _Listener(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False
    state: ScriptedServer


def _authenticate(talk: Conversation) -> None:
    talk.say("+ ")
    said = base64.b64decode(talk.listen()).decode()
    talk.state.logins.append(said)
    if talk.arguments == "XOAUTH2" and not said.endswith(f"auth=Bearer {talk.state.token}\x01\x01"):
        talk.say("+ " + base64.b64encode(b'{"status":"401"}').decode())
        talk.state.logins.append(talk.listen())
        talk.say(f"{talk.tag} NO wrong token: {said.encode()!r}")
    else:
        talk.done()


def _idle(talk: Conversation) -> None:
    talk.say("+ idling")
    talk.listen()
    talk.done()


def _search(talk: Conversation) -> None:
    left = [str(uid) for uid in talk.state.messages if uid not in talk.state.deleted]
    talk.done(f"* SEARCH {' '.join(left)}".rstrip())


def _remove(talk: Conversation) -> None:
    del talk.state.messages[int(talk.arguments.split()[0])]
    talk.done()


def _store(talk: Conversation) -> None:
    if r"\Deleted" in talk.arguments:
        talk.state.deleted.add(int(talk.arguments.split()[0]))
    talk.done()


_ANSWERS: dict[str, Callable[[Conversation], None]] = {
    "CAPABILITY": lambda talk: talk.done(f"* CAPABILITY {talk.state.capabilities}"),
    "AUTHENTICATE": _authenticate,
    "SELECT": lambda talk: talk.done(
        "* 1 EXISTS", "* OK [UIDVALIDITY 7] valid", f"* OK [PERMANENTFLAGS ({talk.state.flags})] kept"
    ),
    "UID SEARCH": _search,
    "UID FETCH": Conversation.fetch,
    "UID MOVE": _remove,
    "UID EXPUNGE": _remove,
    "UID STORE": _store,
    "IDLE": _idle,
    "LOGOUT": lambda talk: talk.done("* BYE"),
}


@contextmanager
def scripted_server(*messages: bytes, capabilities: str = ALL) -> Iterator[ScriptedServer]:
    """A server with these messages, whose UIDs begin with 1."""
    state = ScriptedServer(capabilities, dict(enumerate(messages, 1)))
    with _Listener(("127.0.0.1", 0), Conversation) as listener:
        listener.state = state
        state.port = listener.server_address[1]
        thread = threading.Thread(target=listener.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield state
        finally:
            listener.shutdown()
            thread.join()
