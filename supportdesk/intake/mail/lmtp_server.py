"""Takes in the mail that a mail server delivers by LMTP: it is told that a message was accepted once we have it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol, TypeVar

from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, Envelope, Session

from supportdesk.crash_log import write_crash
from supportdesk.desk_api import DeskApi, DeskUnavailableError
from supportdesk.intake.mail.mail_intake import IntakeRefusedError, MailIntake, describe_taken_in
from supportdesk.intake.mail.mailbox import Delivery, Mailbox
from supportdesk.intake.mail.parsing.parser import LARGEST

T = TypeVar("T")

ACCEPTED = "250 2.0.0 accounted for"
LATER = "451 4.3.0 not accounted for; try again"
"""What a server is told whatever the reason, so that it keeps the message."""

_LONGEST_LINE = 1 << 20
"""Bytes of a line: many programs write longer ones than the standard allows."""


class OpenDesk(Protocol):
    """A desk that is opened again after it could not be reached."""

    def use(self, work: Callable[[DeskApi], T]) -> T:
        """Return what `work` returns for the desk. Raises DeskUnavailableError."""
        ...


class _Lmtp(LMTP):
    line_length_limit = _LONGEST_LINE


class LmtpServer:
    """Accounts for the messages that arrive on an address, one after another, in the mailbox."""

    def __init__(self, desk: OpenDesk, mailbox: Mailbox, say: Callable[[str], None]) -> None:
        self._desk = desk
        self._mailbox = mailbox
        self._say = say
        # Commands follow one another on a desk anyway.
        self._pool = ThreadPoolExecutor(1, "lmtp")

    async def serve(self, host: str, port: int, stopped: asyncio.Event) -> None:
        """Serve until stopped, and end after the message that is being taken in. Raises OSError for the address."""
        loop = asyncio.get_running_loop()
        server = await loop.create_server(
            lambda: _Lmtp(
                self,
                data_size_limit=LARGEST,
                enable_SMTPUTF8=True,
                hostname="supportdesk",
                ident="LMTP",
                loop=loop,
            ),
            host,
            port,
        )
        async with server:
            self._say(f"mail is taken in on {host}, port {server.sockets[0].getsockname()[1]}")
            await stopped.wait()
        await asyncio.to_thread(self._pool.shutdown)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - the library's name
        """Return the answer to a message, for each of its recipients."""
        answer = await asyncio.get_running_loop().run_in_executor(self._pool, self._take_in, envelope)
        return "\r\n".join([answer] * len(envelope.rcpt_tos))

    async def handle_exception(self, error: Exception) -> str:
        """Return the answer after a fault of the program, which must not make the server return the message."""
        write_crash(error)
        return LATER

    def _take_in(self, envelope: Envelope) -> str:
        sender, content = envelope.mail_from or "", envelope.original_content or b""
        # Whoever delivers a message last writes where it bounces to; nothing bounces to nobody.
        path = sender if sender.isprintable() and not set(sender) & set("<>") else ""
        delivery = Delivery(f"Return-Path: <{path}>\r\n".encode() + content)
        try:
            accounted = self._desk.use(lambda desk: MailIntake(desk, self._mailbox).take_in(delivery))
        except (DeskUnavailableError, IntakeRefusedError) as error:
            self._say(f"a message was not accounted for: {error}")
            return LATER
        except Exception as error:  # noqa: BLE001 - a server that ends takes in nothing
            write_crash(error)
            self._say(f"a message was not accounted for ({type(error).__name__}, see the crash log)")
            return LATER
        self._say(describe_taken_in(self._mailbox, accounted))
        return ACCEPTED
