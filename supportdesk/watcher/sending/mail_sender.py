"""Sends pages by mail, over SMTP."""

from __future__ import annotations

import contextlib
import re
import smtplib
import socket
from pathlib import Path

from msgspec import Struct

from supportdesk.access.connection import Deadline, describe_error, trust
from supportdesk.access.login import Login
from supportdesk.access.secret import SetupError
from supportdesk.settings.mail_server import Security
from supportdesk.tickets.plain_text import clean_line
from supportdesk.watcher.sending.mail_header import find_address_fault, mailbox
from supportdesk.watcher.sending.mail_message import build_mail
from supportdesk.watcher.sending.page import OutgoingPage
from supportdesk.watcher.sending.sender import (
    TIMEOUT,
    SendResult,
    delivered,
    not_delivered,
    possibly_delivered,
)

PORTS: dict[Security, int] = {"starttls": 587, "tls": 465, "none": 25}
"""The usual port of each kind of connection."""

_DOT = re.compile(rb"^\.", re.MULTILINE)
_HOST_NAME = re.compile(r"[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*")


class _RefusedError(Exception):
    """The server, or what it offers, does not allow sending; the message says why. `permanent` as in `SendResult`."""

    def __init__(self, reason: str, *, permanent: bool = False) -> None:
        super().__init__(reason)
        self.permanent = permanent


class _Connection(smtplib.SMTP):
    """An SMTP connection over a socket that is connected already."""

    def __init__(self, connection: socket.socket, host: str) -> None:
        name = socket.gethostname()
        # Without a name, smtplib asks the name server for it, which may take long.
        super().__init__(local_hostname=name if _HOST_NAME.fullmatch(name) else "localhost")
        self.sock, self._host = connection, host


class MailSender(Struct, frozen=True):
    """Sends mail by one server, with a connection for each page. `sender` is its From address, perhaps with a name.

    A certificate that does not prove the server's name is refused; `ca_file` has those of an authority of one's own.
    """

    host: str
    sender: str
    security: Security = "starttls"
    port: int | None = None
    login: Login | None = None
    ca_file: Path | None = None
    timeout: float = TIMEOUT

    def send(self, page: OutgoingPage) -> SendResult:
        """Send a page; see `Sender`. The server's answer to the whole mail decides.

        Where it does not come, the page is possibly delivered.
        """
        fault = find_address_fault(page.target)
        if fault is not None:
            return not_delivered(fault, permanent=True)
        return self.send_mail(page.target, build_mail(page, self.sender))

    def send_mail(self, target: str, mail: bytes) -> SendResult:
        """Send a whole mail to an address without a fault, and return what the server's answer means."""
        with Deadline(self.timeout) as deadline:
            try:
                connection = self._open(deadline)
                try:
                    self._hand_over(connection, target, mail)
                    return self._confirm(connection, deadline)
                finally:
                    connection.close()
            except SetupError as error:
                return not_delivered(str(error))
            except _RefusedError as error:
                if not deadline.is_over:
                    return not_delivered(str(error), permanent=error.permanent)
                return not_delivered(f"{self.host}: no answer in time")
            except (smtplib.SMTPException, OSError, UnicodeError) as error:
                return not_delivered(f"{self.host}: {_describe(error, deadline)}")

    def _open(self, deadline: Deadline) -> smtplib.SMTP:
        """Return a connection on which mail can be sent. Raises _RefusedError, SetupError, SMTPException or OSError."""
        context = trust(self.ca_file) if self.security != "none" else None
        raw = deadline.connect(self.host, self.port or PORTS[self.security])
        connection: smtplib.SMTP | None = None
        try:
            if context is not None and self.security == "tls":
                raw = context.wrap_socket(raw, server_hostname=self.host)
            connection = _Connection(raw, self.host)
            _expect(connection.getreply(), 220)
            connection.ehlo_or_helo_if_needed()
            if context is not None and self.security == "starttls":
                if not connection.has_extn("starttls"):
                    raise _RefusedError(f"{self.host} does not offer STARTTLS")
                connection.starttls(context=context)
                connection.ehlo()
            if self.login is not None:
                _log_in(connection, self.login)
        except BaseException:
            # After STARTTLS, the connection has another socket than `raw`.
            if connection is not None:
                connection.close()
            raw.close()
            raise
        return connection

    def _hand_over(self, connection: smtplib.SMTP, target: str, mail: bytes) -> None:
        """Send all of a mail but its end. Raises as `_open`."""
        _expect(connection.mail(mailbox(self.sender).address), 250)
        _expect(connection.rcpt(mailbox(target).address), 250, 251)
        _expect(connection.docmd("DATA"), 354)
        connection.send(_DOT.sub(b"..", mail))

    def _confirm(self, connection: smtplib.SMTP, deadline: Deadline) -> SendResult:
        """Send the end of the mail, after which the server may have it, and return what it answers."""
        try:
            connection.send(b".\r\n")
            code, text = connection.getreply()
        except (smtplib.SMTPException, OSError) as error:
            why = _describe(error, deadline)
        else:
            if code == 250:
                with contextlib.suppress(OSError, smtplib.SMTPException):
                    connection.putcmd("quit")
                return delivered(_reply(code, text))
            # A part of an answer, cut off by the end of the connection, is none.
            if 400 <= code < 600 and not deadline.is_over:
                return not_delivered(_reply(code, text), permanent=code >= 500)
            why = "half an answer"
        return possibly_delivered(f"{self.host} has the whole mail, and did not confirm it: {why}")


def _log_in(connection: smtplib.SMTP, login: Login) -> None:
    secret = login.secret()
    if not login.by_token:
        connection.login(login.user, secret)
        return
    if "XOAUTH2" not in connection.esmtp_features.get("auth", "").upper().split():
        raise _RefusedError("the server does not offer XOAUTH2; use a password instead of token_command")

    def answer(challenge: bytes | None = None) -> str:
        # A challenge describes what is wrong; an empty answer lets the server say so with its code.
        return "" if challenge else f"user={login.user}\x01auth=Bearer {secret}\x01\x01"

    connection.auth("XOAUTH2", answer)


def _expect(reply: tuple[int, bytes], *codes: int) -> None:
    code, text = reply
    if code not in codes:
        raise _RefusedError(_reply(code, text), permanent=code >= 500)


def _describe(error: Exception, deadline: Deadline) -> str:
    """Return why sending failed, in one line without a password."""
    if deadline.is_over:
        return "no answer in time"
    match error:
        case smtplib.SMTPAuthenticationError():
            return f"the server refused the login with code {error.smtp_code}"
        case smtplib.SMTPServerDisconnected():
            return "the server ended the connection"
        case smtplib.SMTPResponseException():
            return _reply(error.smtp_code, error.smtp_error)
        case smtplib.SMTPNotSupportedError():
            return "the server does not offer what the settings need"
        case UnicodeError():
            return "user name or password has letters that SMTP does not allow"
    return describe_error(error)


def _reply(code: int, text: bytes | str) -> str:
    said = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return f"{code} {clean_line(said[:2000], 150).text}".rstrip()
