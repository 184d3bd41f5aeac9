"""How mail to customers leaves the desk: by a mail server, or by a program such as sendmail."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from msgspec import Struct

from supportdesk.access.program import run_program
from supportdesk.watcher.sending.mail_header import find_address_fault, mailbox
from supportdesk.watcher.sending.sender import (
    TIMEOUT,
    SendResult,
    delivered,
    not_delivered,
    possibly_delivered,
)

_NO_SUCH_USER = frozenset({64, 65, 67, 68})
"""The exit codes of sendmail after which another attempt fails as well: the address is wrong (sysexits.h)."""


class Transport(Protocol):
    """Hands a whole mail over. May be used by several threads at once."""

    def send_mail(self, target: str, mail: bytes) -> SendResult:
        """Hand a mail over for an address, and wait for the outcome. Never raises."""
        ...


class SendmailProgram(Struct, frozen=True):
    """Hands mail to a program with the arguments of sendmail. `sender` is where it comes back if it bounces."""

    command: tuple[str, ...]
    sender: str
    timeout: float = TIMEOUT

    def send_mail(self, target: str, mail: bytes) -> SendResult:
        """Hand a mail over; see `Transport`. The program's exit code says what became of it."""
        name = self.command[0]
        addresses = ("-f", mailbox(self.sender).address, "--", mailbox(target).address)
        try:
            # It expects the lines of this system, and no dot ends the mail.
            ended = run_program(
                (*self.command, "-i", *addresses), mail.replace(b"\r\n", b"\n"), timeout=self.timeout
            )
        except (OSError, ValueError) as error:
            why = error.strerror if isinstance(error, OSError) else "its name is not possible"
            return not_delivered(f"{name} cannot be started: {why}")
        code = ended.exit_code
        if code == 0:
            return delivered(f"{name} has taken it")
        if code is None or code < 0:
            return possibly_delivered(f"{name} was ended without an answer")
        return not_delivered(f"{name} ended with code {code}", permanent=code in _NO_SUCH_USER)


class CustomerMailSender(Struct, frozen=True):
    """Sends mail to customers. `sender` is its From address, perhaps with a name, and ends each Message-ID.

    With `plus_addressing`, customers reply to the sender's address with the reference in it. `templates` is the folder
    of the desk's own ones; None without any.
    """

    sender: str
    transport: Transport
    plus_addressing: bool = False
    templates: Path | None = None

    def send_mail(self, target: str, mail: bytes) -> SendResult:
        """Send a whole mail to an address; see `Transport`."""
        fault = find_address_fault(target)
        if fault is not None:
            return not_delivered(fault, permanent=True)
        return self.transport.send_mail(target, mail)

    def make_message_id(self, identity: str) -> str:
        """Return the Message-ID of a mail of the desk, without `<>`, by the identity of its delivery."""
        return f"{identity}@{mailbox(self.sender).address.rpartition('@')[2]}"
