"""Takes in the messages of a maildir."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from supportdesk.intake.mail.mail_intake import Accounted, IntakeRefusedError, MailIntake
from supportdesk.intake.mail.maildir import UnreadableFile, list_deliveries, move_handled
from supportdesk.intake.refused_message import describe_refused


def take_in_maildir(intake: MailIntake, folder: Path) -> Iterator[tuple[Path, Accounted | str]]:
    """Take in the messages of a maildir one after another, and yield what became of each, or why it stays there.

    Raises DeskUnavailableError, and OSError where the folder cannot be listed.
    """
    for found in list_deliveries(folder):
        if isinstance(found, UnreadableFile):
            yield found.path, f"it cannot be read: {found.reason}"
            continue
        path, delivery = found
        try:
            accounted = intake.take_in(delivery)
            move_handled(folder, path)
        except IntakeRefusedError as error:
            yield path, describe_refused(error)
        except OSError as error:
            yield path, f"it was accounted for, and cannot be moved to Handled: {error.strerror or error}"
        else:
            yield path, accounted
