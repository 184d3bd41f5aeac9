"""The places that one visits from the queue and comes back from, perhaps with a ticket to go to.

Each is a screen that is imported when it is opened. `MainScreen` forwards to it what the desk tells meanwhile
(`QueueChanged`, `ReferenceDataChanged`, `DeskDisconnected`, `DeskReconnected`), for those that handle it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from textual.screen import Screen

    from supportdesk.console.commands.runner import CommandRunner
    from supportdesk.console.session import Session


@dataclass(frozen=True, slots=True)
class Destination:
    """A place to visit. `acts` says that it is of no use to somebody who can do nothing at this desk.

    `open` makes its screen, which is dismissed with what one comes back with; the text is what the visit begins with,
    such as the number of a caller, and mostly empty.
    """

    open: Callable[[Session, CommandRunner, str], Screen[Any]]
    acts: bool = False


def _log(session: Session, commanding: CommandRunner, text: str) -> Screen[Any]:
    from supportdesk.console.calls.log_form import LogRequestForm

    return LogRequestForm(commanding.context_for(session))


def _call(session: Session, commanding: CommandRunner, text: str) -> Screen[Any]:
    from supportdesk.console.calls.screen import CallScreen

    return CallScreen(commanding.context_for(session), text)


def _directory(session: Session, commanding: CommandRunner, text: str) -> Screen[Any]:
    from supportdesk.console.directory.screen import DirectoryScreen

    return DirectoryScreen(session, commanding, text)


def _board(session: Session, commanding: CommandRunner, text: str) -> Screen[Any]:
    from supportdesk.console.board.screen import BoardScreen

    return BoardScreen(session)


DESTINATIONS: dict[str, Destination] = {
    "board": Destination(_board),
    "call": Destination(_call, acts=True),
    "log": Destination(_log, acts=True),
    "directory": Destination(_directory),
}
"""Every place, by the name that its key's action gives: `visit('log')`."""
