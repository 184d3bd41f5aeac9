"""Where a mailbox is on an IMAP server, and what becomes there of the messages that are accounted for."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct

from supportdesk.access.login import Login
from supportdesk.settings.mail_server import Security
from supportdesk.settings.mailboxes import Handling

PORTS: dict[Security, int] = {"starttls": 143, "tls": 993, "none": 143}
"""The usual port of each kind of connection."""


class ImapServer(Struct, frozen=True):
    """A folder on a server, and how to get there. `port` is that of `security` where it is None.

    A certificate that does not prove the server's name is refused; `ca_file` has those of an authority of one's own.
    A message that is accounted for is moved to `handled_folder`, flagged or deleted, as `handled` says.
    """

    host: str
    login: Login
    security: Security = "tls"
    port: int | None = None
    ca_file: Path | None = None
    folder: str = "INBOX"
    handled: Handling = "move"
    handled_folder: str = "Handled"


class ImapError(Exception):
    """The server, or the way to it, does not allow reading the mailbox; the text says why, without a secret."""


class ImapMessageError(Exception):
    """One message could not be read or put away; the text says why. The connection can be used."""
