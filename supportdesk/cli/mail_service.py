"""The service of `supportdesk intake lmtp`, to which a mail server delivers."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable
from contextlib import suppress

from supportdesk.cli.context import CliContext
from supportdesk.cli.errors import BadRequestError, FailureError
from supportdesk.cli.mail_reading import refuse_faulty
from supportdesk.desk_api import DeskUnavailableError
from supportdesk.intake.mail.lmtp_server import LmtpServer
from supportdesk.intake.mail.mailbox import Mailbox
from supportdesk.watcher.links.addresses import parse_listen
from supportdesk.watcher.links.desk_connection import DeskConnection

_EXAMPLE = 8024
"""The port that the documentation uses for LMTP."""


def serve_lmtp(context: CliContext, mailbox: Mailbox, listen: str, say: Callable[[str], None]) -> None:
    """Take in mail on an address until the program is told to end.

    Raises BadRequestError for an address that other machines can reach and for a mailbox whose channel or team the
    policy does not have, and FailureError where the address cannot be used.
    """
    try:
        address = parse_listen(listen, _EXAMPLE)
    except ValueError as error:
        raise BadRequestError(f"--listen: {error}.") from error
    if not address.is_local:
        raise BadRequestError(
            f"Other machines can reach {listen}, and anyone who can may deliver anything. Listen on 127.0.0.1, where"
            " your mail server is."
        )
    context.require_desk()
    desk = DeskConnection(context.opener())

    async def serve() -> None:
        stopped, loop = asyncio.Event(), asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stopped.set)
        await LmtpServer(desk, mailbox, say).serve(address.host, address.port, stopped)

    try:
        # While the desk cannot be read, the mail server is asked to wait, whatever the mailbox has.
        with suppress(DeskUnavailableError):
            desk.use(lambda each: refuse_faulty(each, mailbox))
        asyncio.run(serve())
    except OSError as error:
        raise FailureError(f"{listen} cannot be listened on: {error.strerror or error}.") from error
    finally:
        desk.close()
