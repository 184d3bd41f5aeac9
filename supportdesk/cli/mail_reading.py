"""Takes in mail for `supportdesk intake mail` from files, maildirs and standard input, and says what became of it."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import click
from msgspec import structs

from supportdesk.cli.context import CliContext
from supportdesk.cli.errors import TRY_AGAIN, report_errors
from supportdesk.cli.output import echo, echo_error
from supportdesk.files import expand
from supportdesk.intake.mail import maildir
from supportdesk.intake.mail.mail_intake import Accounted, IntakeRefusedError, MailIntake
from supportdesk.intake.mail.mailbox import Delivery, Mailbox


def read_standard_input(context: CliContext, mailbox: Mailbox) -> None:
    """Take in one message. Raises SystemExit with TRY_AGAIN where it cannot be accounted for, whatever the reason."""
    content = sys.stdin.buffer.read()
    try:
        with context.desk() as desk:
            accounted = MailIntake(desk, mailbox).take_in(Delivery(content))
    except click.ClickException as error:
        error.show()
    except IntakeRefusedError as error:
        echo_error(f"The message was not accounted for: {error}.")
    else:
        echo(describe(accounted))
        return
    raise SystemExit(TRY_AGAIN)


def read_paths(context: CliContext, mailbox: Mailbox, paths: Iterable[Path]) -> int:
    """Take in the messages of files and maildirs, and return how many could not be accounted for; these are named."""
    failed = 0
    with context.desk() as desk:
        for path in paths:
            is_maildir = maildir.is_maildir(path)
            intake = MailIntake(desk, structs.replace(mailbox, kind="maildir") if is_maildir else mailbox)
            for message, delivery in _list_messages(path):
                try:
                    if isinstance(delivery, str):
                        raise IntakeRefusedError(delivery)
                    with report_errors():
                        accounted = intake.take_in(delivery)
                    if is_maildir:
                        maildir.move_handled(path, message)
                except (IntakeRefusedError, OSError) as error:
                    failed += 1
                    echo_error(f"{message}: {error}")
                else:
                    echo(f"{message.name}: {describe(accounted)}")
    return failed


def _list_messages(path: Path) -> Iterator[tuple[Path, Delivery | str]]:
    """Yield the messages of a path, with why one cannot be read."""
    try:
        if maildir.is_maildir(path):
            for found in maildir.list_deliveries(path):
                if isinstance(found, maildir.UnreadableFile):
                    yield found.path, f"it cannot be read: {found.reason}"
                else:
                    yield found
        elif path.is_dir():
            yield path, "it is a folder, and no maildir: give the messages in it"
        else:
            yield path, Delivery(expand(path).read_bytes())
    except OSError as error:
        yield path, f"it cannot be read: {error.strerror or error}"


def describe(accounted: Accounted) -> str:
    """Return what became of a message, in one line."""
    what = f"{accounted.state}, {accounted.ref}" if accounted.ref else str(accounted.state)
    again = " (taken in before)" if accounted.repeated else ""
    return f"{what}{again}{f': {accounted.reason}' if accounted.reason else ''}"
