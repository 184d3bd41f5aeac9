"""Takes in mail for `supportdesk intake fetch` from the mailboxes of the settings, and says what became of it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

from supportdesk.access.secret import SetupError
from supportdesk.cli.context import CliContext
from supportdesk.cli.errors import BadRequestError
from supportdesk.cli.mail_reading import describe, refuse_faulty
from supportdesk.cli.output import echo, echo_error
from supportdesk.desk_api import DeskApi
from supportdesk.intake.mail.configured import ConfiguredMailbox, MaildirMailbox, make_mailboxes
from supportdesk.intake.mail.imap.folder_intake import FolderIntake
from supportdesk.intake.mail.imap.server import ImapError
from supportdesk.intake.mail.imap.session import open_session
from supportdesk.intake.mail.mail_intake import Accounted, MailIntake
from supportdesk.intake.mail.maildir_intake import take_in_maildir
from supportdesk.settings.watcher import load_watcher_settings
from supportdesk.tickets.typed_text import quoted

_PLACE = "$.watcher.mailboxes"


def find_mailboxes(path: Path, names: Collection[str]) -> list[ConfiguredMailbox]:
    """Return the mailboxes with these names that a settings file has, or else all. Raises BadRequestError."""
    settings = load_watcher_settings(path)
    if any(_PLACE.startswith(fault.place) or fault.place.startswith(_PLACE) for fault in settings.faults):
        raise BadRequestError("\n".join(settings.fault_lines()))
    found = {each.mailbox.name: each for each in make_mailboxes(settings)}
    if not found:
        raise BadRequestError(
            f"{path} names no mailbox: `supportdesk config --example` shows [watcher.mailboxes.support]."
        )
    if unknown := [name for name in names if name not in found]:
        raise BadRequestError(f"{path} has no mailbox {quoted(unknown[0])}; it has {', '.join(found)}.")
    return [found[name] for name in dict.fromkeys(names or found)]


def fetch_mail(context: CliContext, mailboxes: Collection[ConfiguredMailbox]) -> int:
    """Take in what is in the mailboxes, and return how much could not be; that is named.

    Raises BadRequestError, before anything is taken in, for a mailbox whose channel or team the policy does not have.
    """
    failed = 0
    with context.desk() as desk:
        refuse_faulty(desk, *(each.mailbox for each in mailboxes))
        for each in mailboxes:
            name = each.mailbox.name
            try:
                for message, accounted in _take_in(desk, each):
                    if isinstance(accounted, Accounted):
                        echo(f"{name}, {message}: {describe(accounted)}")
                    else:
                        failed += 1
                        echo_error(f"{name}, {message}: {accounted}")
            except (ImapError, SetupError) as error:
                failed += 1
                echo_error(f"The mailbox {name} cannot be read: {error}")
            except OSError as error:
                failed += 1
                echo_error(f"The mailbox {name} cannot be read: {error.strerror or error}")
    return failed


def _take_in(desk: DeskApi, place: ConfiguredMailbox) -> Iterator[tuple[str, Accounted | str]]:
    """Take in a mailbox, and yield what each message is called there, and what became of it or why it stays there."""
    intake = MailIntake(desk, place.mailbox)
    if isinstance(place, MaildirMailbox):
        for path, accounted in take_in_maildir(intake, place.folder):
            yield path.name, accounted
        return
    with open_session(place.make_server()) as session:
        for uid, accounted in FolderIntake().take_in(intake, session):
            yield f"message {uid}", accounted
