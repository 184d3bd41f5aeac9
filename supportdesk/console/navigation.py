"""The screens that the operator can go to from the queue, and return from with a ticket to open.

Each is a screen that is imported when it is opened. `MainScreen` forwards the desk's messages to it, for those that
handle them: `QueueChanged`, `ReferenceDataChanged`, `RecordsChanged`, `IncomingChanged`, `DeskDisconnected`,
`DeskReconnected`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

import msgspec

from supportdesk.console.drafts.reminder import UNFINISHED_CALL, UNFINISHED_RECORD, VOICEMAIL

if TYPE_CHECKING:
    from textual.screen import Screen

    from supportdesk.console.commands.screen_client import ScreenClient
    from supportdesk.console.session import Session


class Destination(msgspec.Struct, frozen=True):
    """A screen to go to. `acts` says that it is useless to an operator who cannot change anything.

    `open` creates the screen, which is dismissed with a `VisitResult`. Its text is what the screen starts with, such as
    a caller's number; it is mostly empty.
    """

    open: Callable[[Session, ScreenClient, str], Screen[Any]]
    acts: bool = False


def _log(session: Session, client: ScreenClient, text: str) -> Screen[Any]:
    from supportdesk.console.calls.log_form import LogRequestForm

    return LogRequestForm(client.context_for(session))


def _call(session: Session, client: ScreenClient, text: str) -> Screen[Any]:
    from supportdesk.console.calls.screen import CallScreen

    return CallScreen(client.context_for(session), text)


def _unfinished_call(session: Session, client: ScreenClient, key: str) -> Screen[Any]:
    """Return the form of the unfinished call whose draft has this key; the call screen if the draft fits no form."""
    from supportdesk.console.calls.call import DRAFT_VERB, resume_call
    from supportdesk.console.calls.log_form import LogRequestForm

    draft = session.drafts.find(DRAFT_VERB, key)
    resumed = resume_call(draft, key) if draft is not None else None
    if resumed is None:
        return _call(session, client, "")
    call, _ = resumed
    return LogRequestForm(client.context_for(session), call)


def _directory(session: Session, client: ScreenClient, text: str) -> Screen[Any]:
    from supportdesk.console.directory.screen import DirectoryScreen

    return DirectoryScreen(session, client, text)


def _unfinished_record(session: Session, client: ScreenClient, draft_ref: str) -> Screen[Any]:
    """Return the directory, in which the form of the unfinished record opens."""
    from supportdesk.console.directory.record_types import find_unfinished
    from supportdesk.console.directory.screen import DirectoryScreen

    return DirectoryScreen(session, client, unfinished=find_unfinished(draft_ref))


def _board(session: Session, client: ScreenClient, text: str) -> Screen[Any]:
    from supportdesk.console.board.screen import BoardScreen

    return BoardScreen(session)


def _rota(session: Session, client: ScreenClient, text: str) -> Screen[Any]:
    from supportdesk.console.rota.screen import RotaScreen

    return RotaScreen(session, client)


def _inbox(session: Session, client: ScreenClient, text: str) -> Screen[Any]:
    from supportdesk.console.inbox.screen import InboxScreen

    return InboxScreen(session, client)


def _shift(session: Session, client: ScreenClient, text: str) -> Screen[Any]:
    from supportdesk.console.shift.screen import ShiftScreen

    return ShiftScreen(session, client)


def _intake(session: Session, client: ScreenClient, unfinished: str) -> Screen[Any]:
    """Return the intake, in which the form of an unfinished decision opens, given by the reference of its draft."""
    from supportdesk.console.intake.screen import IntakeScreen

    return IntakeScreen(session, client, unfinished, partial(_voicemail, session))


def _voicemail(session: Session, client: ScreenClient, text: str) -> Screen[Any]:
    """Return the dialog of a voicemail, given by its key, or by the reference of the draft of a decision on it."""
    from supportdesk.console.voicemail.screen import VoicemailScreen

    return VoicemailScreen(session, client, text)


def _outbox(session: Session, client: ScreenClient, text: str) -> Screen[Any]:
    from supportdesk.console.outbox.screen import OutboxScreen

    return OutboxScreen(session, client)


def _attachments(session: Session, client: ScreenClient, ref: str) -> Screen[Any]:
    """Return the list of the attachments of the messages on a ticket."""
    from supportdesk.console.attachments.screen import AttachmentsDialog
    from supportdesk.intake.mail.message_files import FilesOf

    return AttachmentsDialog(session, client, FilesOf(ref=ref))


DESTINATIONS: dict[str, Destination] = {
    "board": Destination(_board),
    "call": Destination(_call, acts=True),
    "log": Destination(_log, acts=True),
    "directory": Destination(_directory),
    "rota": Destination(_rota),
    "inbox": Destination(_inbox),
    "shift": Destination(_shift),
    "intake": Destination(_intake),
    VOICEMAIL: Destination(_voicemail, acts=True),
    "outbox": Destination(_outbox),
    "attachments": Destination(_attachments),
    UNFINISHED_CALL: Destination(_unfinished_call, acts=True),
    UNFINISHED_RECORD: Destination(_unfinished_record, acts=True),
}
"""Every destination, by the name in the action of its key, `visit('log')`, or in a notice."""
