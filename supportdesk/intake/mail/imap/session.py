"""A folder of an IMAP server that is open: its messages are found, read, and put away one by one."""

from __future__ import annotations

import imaplib
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress

from imap_tools.errors import ImapToolsError, UnexpectedCommandStatusError

from supportdesk.intake.mail.imap.connection import (
    ImapMailBox,
    connect,
    describe_answer,
    disconnect,
    explained,
)
from supportdesk.intake.mail.imap.fetched import Answer, find_fetched
from supportdesk.intake.mail.imap.idle import wait_for_change
from supportdesk.intake.mail.imap.server import ImapError, ImapMessageError, ImapServer
from supportdesk.intake.mail.mailbox import Delivery
from supportdesk.intake.mail.parsing.parser import LARGEST

_NUMBER = re.compile(r"\d{1,20}")
_STEP = 60.0
"""Seconds for a step."""
_SLOWEST = 20_000
"""Bytes of a message that arrive in a second, at least."""
_HANDLED = "Supportdesk"
"""The flag of a message that is accounted for and stays in its folder; people set the usual ones as they read."""


@contextmanager
def open_session(server: ImapServer) -> Iterator[ImapSession]:
    """Connect, log in, open the folder, and log out afterwards. Raises ImapError, and SetupError for the settings."""
    box = connect(server)
    try:
        yield ImapSession(box, server)
    finally:
        disconnect(box.client)


class ImapSession:
    """A folder that is open. Its methods raise ImapError for what ends the connection."""

    def __init__(self, box: ImapMailBox, server: ImapServer) -> None:
        """Open the folder of the server. Raises ImapError."""
        self._box = box
        self._client = box.client
        self._server = server
        with self._step():
            self._open_folder()
            validity, flags = self._told("UIDVALIDITY"), self._told("PERMANENTFLAGS").strip("()").split()
        if _NUMBER.fullmatch(validity) is None:
            raise ImapError(f"{server.host} gives messages no lasting numbers (UIDVALIDITY)")
        self.validity = int(validity)
        """UIDVALIDITY: another one means that the server has numbered its messages again."""
        if server.handled == "flag" and flags and not {r"\*", _HANDLED} & set(flags):
            raise ImapError(f'{server.host} keeps no flags of programs; use handled = "move"')

    def find_new(self) -> list[int]:
        """Return the UIDs of the messages that were not put away, the oldest first."""
        wanted = f"UNDELETED UNKEYWORD {_HANDLED}" if self._server.handled == "flag" else "UNDELETED"
        with self._step():
            # Some servers search only what they have told of.
            self._client.noop()
            return sorted(map(int, self._box.uids(wanted, charset=None)))

    def fetch(self, uid: int) -> Delivery | None:
        """Return a message, without a trace on the server; None where it is gone. Raises ImapMessageError."""
        told = find_fetched(self._fetch(uid, "(UID RFC822.SIZE INTERNALDATE)"), uid)
        if told is None:
            return None
        size = told.size or 0
        if size > LARGEST:
            raise ImapMessageError(
                f"it has {size >> 20} MiB, and more than {LARGEST >> 20} MiB are not read;"
                " move it to another folder"
            )
        found = find_fetched(self._fetch(uid, "(UID BODY.PEEK[])", size / _SLOWEST), uid)
        if found is None or found.content is None:
            raise ImapMessageError("the server does not hand it over")
        return Delivery(found.content, f"{self.validity}.{uid}", told.delivered_at)

    def put_away(self, uid: int) -> None:
        """Move, flag or delete a message that is accounted for. Raises ImapMessageError."""
        with self._step(), _about_message("it was accounted for, and cannot be put away"):
            match self._server.handled:
                case "flag":
                    self._store(uid, rf"(\Seen {_HANDLED})")
                case "delete":
                    self._delete(uid)
                case "move":
                    self._move(uid)

    def wait(self, seconds: float, *, must_end: Callable[[], bool]) -> None:
        """Wait until the server says that something has changed, for so many seconds, or until it must end."""
        with explained(self._server.host):
            wait_for_change(self._box, seconds, must_end)

    @contextmanager
    def _step(self, more: float = 0.0) -> Iterator[None]:
        self._client.allow(_STEP + more)
        with explained(self._server.host):
            yield

    def _open_folder(self) -> None:
        folder = self._server.folder
        try:
            self._box.folder.set(folder)
        except UnexpectedCommandStatusError as error:
            raise ImapError(f"the folder {folder} cannot be opened: {describe_answer(error)}") from error
        except imaplib.IMAP4.readonly as error:
            raise ImapError(
                f"{self._server.login.user} may only read the folder {folder}; give the right to change it, as"
                " messages are put away there"
            ) from error

    def _told(self, code: str) -> str:
        """Return what the server told with a code when the folder was opened."""
        _, data = self._client.response(code)
        return str(data[-1] or b"", "ascii", "replace") if data else ""

    def _fetch(self, uid: int, what: str, more: float = 0.0) -> Answer:
        with self._step(more), _about_message("the server does not hand it over"):
            return self._do("FETCH", str(uid), what)

    def _move(self, uid: int) -> None:
        folder = self._server.handled_folder
        try:
            self._move_to(uid, folder)
        except UnexpectedCommandStatusError:
            with suppress(ImapToolsError):
                self._box.folder.create(folder)
                self._box.folder.subscribe(folder, value=True)
            self._move_to(uid, folder)

    def _move_to(self, uid: int, folder: str) -> None:
        if "MOVE" in self._client.capabilities:
            self._box.move([str(uid)], folder)
        else:
            self._box.copy([str(uid)], folder)
            self._delete(uid)

    def _delete(self, uid: int) -> None:
        """Delete one message; where the server can delete no single one, it stays, marked as deleted."""
        self._store(uid, r"(\Deleted)")
        if "UIDPLUS" in self._client.capabilities:
            self._do("EXPUNGE", str(uid))

    def _store(self, uid: int, flags: str) -> None:
        self._do("STORE", str(uid), "+FLAGS.SILENT", flags)

    def _do(self, command: str, *arguments: str) -> Sequence[bytes | tuple[bytes, bytes] | None]:
        answer, data = self._client.uid(command, *arguments)
        if answer != "OK":
            raise UnexpectedCommandStatusError((answer, data), "OK")
        return data


@contextmanager
def _about_message(what: str) -> Iterator[None]:
    """Raise ImapMessageError for what a server refuses; the connection goes on."""
    try:
        yield
    except imaplib.IMAP4.abort:
        raise
    except imaplib.IMAP4.error as error:
        raise ImapMessageError(what) from error
    except UnexpectedCommandStatusError as error:
        raise ImapMessageError(f"{what}: {describe_answer(error)}") from error
