"""Connects to an IMAP server and logs in, and says in words what went wrong there."""

from __future__ import annotations

import imaplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from imap_tools.errors import ImapToolsError, UnexpectedCommandStatusError
from imap_tools.mailbox import BaseMailBox

from supportdesk.access.connection import Deadline, describe_error, trust
from supportdesk.access.login import Login
from supportdesk.intake.mail.imap.client import ImapClient
from supportdesk.intake.mail.imap.server import PORTS, ImapError, ImapServer
from supportdesk.intake.mail.parsing.parser import LARGEST
from supportdesk.tickets.plain_text import clean_line

_TIMEOUT = 30.0
"""Seconds for connecting, TLS and the login together."""
_MISREAD = (AttributeError, LookupError, TypeError, ValueError)
"""What the libraries raise where a server says something else than they expect."""
_GOODBYE = 5.0
"""Seconds in which a server may say goodbye."""


class ImapMailBox(BaseMailBox):
    """A mailbox of the library over a connection of ours."""

    client: ImapClient

    def __init__(self, client: ImapClient) -> None:
        self._given = client
        super().__init__()

    def _get_mailbox_client(self) -> ImapClient:
        return self._given


def connect(server: ImapServer) -> ImapMailBox:
    """Return a mailbox of a server, logged in. Raises ImapError, and SetupError for the settings."""
    secret = server.login.secret()
    context = trust(server.ca_file) if server.security != "none" else None
    with explained(server.host), Deadline(_TIMEOUT) as deadline:
        try:
            client = _open(server, context, deadline)
            box = ImapMailBox(client)
            try:
                _log_in(box, server.login, secret)
            except BaseException:
                disconnect(client)
                raise
        except (imaplib.IMAP4.error, OSError) as error:
            # The deadline ends the connection, which looks like the server's doing.
            if deadline.is_over:
                raise TimeoutError from error
            raise
    return box


def disconnect(client: ImapClient) -> None:
    """Log out, if the server still answers, and end the connection. Raises nothing."""
    with suppress(imaplib.IMAP4.error, OSError):
        client.allow(_GOODBYE)
        client.logout()
    with suppress(OSError):
        client.shutdown()


@contextmanager
def explained(host: str) -> Iterator[None]:
    """Raise ImapError for whatever ends the use of a connection."""
    try:
        yield
    except (imaplib.IMAP4.error, ImapToolsError, OSError, *_MISREAD) as error:
        raise ImapError(f"{host}: {_describe(error)}") from error


def describe_answer(error: UnexpectedCommandStatusError) -> str:
    """Return what a server says to a command that it did not carry out, as one plain line."""
    answer, data = error.command_result
    said = b" ".join(each for each in data if isinstance(each, bytes)).decode("utf-8", "replace")
    return clean_line(f"{answer} {said}"[:2000], 150).text.rstrip()


def _open(server: ImapServer, context: ssl.SSLContext | None, deadline: Deadline) -> ImapClient:
    raw = deadline.connect(server.host, server.port or PORTS[server.security])
    try:
        if context is not None and server.security == "tls":
            raw = context.wrap_socket(raw, server_hostname=server.host)
        client = ImapClient(raw, server.host, seconds=_TIMEOUT, largest=2 * LARGEST)
    except BaseException:
        raw.close()
        raise
    if context is not None and server.security == "starttls":
        try:
            if "STARTTLS" not in client.capabilities:
                raise ImapError(f'{server.host} does not offer STARTTLS; use security = "tls"')
            client.encrypt(context)
        except BaseException:
            with suppress(OSError):
                client.shutdown()
            raise
    return client


def _log_in(box: ImapMailBox, login: Login, secret: str) -> None:
    client = box.client
    try:
        if login.by_token:
            if "AUTH=XOAUTH2" not in client.capabilities:
                raise ImapError("the server does not offer XOAUTH2; use a password instead of token_command")

            def answer(challenge: bytes) -> bytes:
                # A challenge describes what is wrong; an empty answer lets the server refuse the login.
                return b"" if challenge else f"user={login.user}\x01auth=Bearer {secret}\x01\x01".encode()

            client.authenticate("XOAUTH2", answer)
        elif "AUTH=PLAIN" in client.capabilities:
            box.login_utf8(login.user, secret, initial_folder=None)
        elif "LOGINDISABLED" in client.capabilities:
            raise ImapError("the server takes no password on this connection; use another security")
        else:
            box.login(login.user, secret, initial_folder=None)
    except imaplib.IMAP4.abort:
        raise
    except (imaplib.IMAP4.error, UnexpectedCommandStatusError) as error:
        # What the server says of it is not shown: it may quote what it was told.
        what = "the token that token_command prints" if login.by_token else "the password"
        raise ImapError(f"the server refused the login of {login.user}; check user and {what}") from error
    client.refresh_capabilities()


def _describe(error: Exception) -> str:
    match error:
        # First, since a certificate that is not accepted is a ValueError, too.
        case OSError():
            return describe_error(error)
        case imaplib.IMAP4.abort():
            return "it ended the connection, or what it said was not IMAP"
        case imaplib.IMAP4.error():
            return "it does not understand or allow a command"
        case UnexpectedCommandStatusError():
            return describe_answer(error)
        case UnicodeError():
            return "user name or password has letters that the server does not allow"
    return "what it said was not IMAP"
