"""Takes in mail for `supportdesk intake mail` from files, maildirs and standard input, and says what became of it."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import click
from msgspec import structs

from supportdesk.cli.context import CliContext
from supportdesk.cli.errors import TRY_AGAIN, BadRequestError
from supportdesk.cli.output import echo, echo_error
from supportdesk.desk_api import DeskApi, DeskReader
from supportdesk.files import expand
from supportdesk.intake.mail.mail_intake import Accounted, IntakeRefusedError, MailIntake
from supportdesk.intake.mail.mailbox import Delivery, Mailbox, find_mailbox_fault
from supportdesk.intake.mail.maildir import is_maildir
from supportdesk.intake.mail.maildir_intake import take_in_maildir
from supportdesk.intake.refused_message import describe_refused


def read_standard_input(context: CliContext, mailbox: Mailbox) -> None:
    """Take in one message. Raises SystemExit with TRY_AGAIN where it cannot be accounted for, whatever the reason."""
    content = sys.stdin.buffer.read()
    try:
        with context.desk() as desk:
            accounted = MailIntake(desk, mailbox).take_in(Delivery(content))
    except click.ClickException as error:
        error.show()
    except IntakeRefusedError as error:
        echo_error(
            f"The message was not accounted for: {error}. The mail server is asked to try again; mend that meanwhile."
        )
    else:
        echo(describe(accounted))
        return
    raise SystemExit(TRY_AGAIN)


def read_paths(context: CliContext, mailbox: Mailbox, paths: Sequence[Path]) -> int:
    """Take in the messages of files and maildirs, and return how many could not be accounted for; these are named.

    Raises BadRequestError, before anything is taken in, for a folder that is no maildir, and for a mailbox whose
    channel or team the policy does not have.
    """
    for path in paths:
        if path.is_dir() and not is_maildir(path):
            raise BadRequestError(
                f"{path} is a folder, and no maildir: give the messages in it, or a maildir."
            )
    failed = 0
    with context.desk() as desk:
        refuse_faulty(desk, mailbox)
        for path in paths:
            for message, accounted in _take_in(desk, mailbox, path):
                if isinstance(accounted, str):
                    failed += 1
                    echo_error(f"{message}: {accounted}")
                else:
                    echo(f"{message.name}: {describe(accounted)}")
    return failed


def refuse_faulty(desk: DeskReader, *mailboxes: Mailbox) -> None:
    """Raise BadRequestError for the first mailbox from which nothing can be taken in by the policy in force."""
    policy = desk.policy_at(desk.now())
    for each in mailboxes:
        if (fault := find_mailbox_fault(each, policy)) is not None:
            raise BadRequestError(f"{fault[:1].upper()}{fault[1:]}.")


def _take_in(desk: DeskApi, mailbox: Mailbox, path: Path) -> Iterator[tuple[Path, Accounted | str]]:
    """Take in the messages of a path, and yield what became of each, or why not."""
    try:
        if is_maildir(path):
            intake = MailIntake(desk, structs.replace(mailbox, kind="maildir"))
            yield from take_in_maildir(intake, path)
        else:
            yield path, MailIntake(desk, mailbox).take_in(Delivery(expand(path).read_bytes()))
    except IntakeRefusedError as error:
        yield path, describe_refused(error)
    except OSError as error:
        yield path, f"it cannot be read: {error.strerror or error}"


def describe(accounted: Accounted) -> str:
    """Return what became of a message, in one line."""
    what = f"{accounted.state}, {accounted.ref}" if accounted.ref else str(accounted.state)
    again = " (taken in before)" if accounted.repeated else ""
    return f"{what}{again}{f': {accounted.reason}' if accounted.reason else ''}"
