"""The way into the console. Nothing here imports the database: the first frame comes before it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from supportdesk.cli import desk_address
from supportdesk.cli.context import CliContext
from supportdesk.cli.errors import FAILURE, BadRequestError
from supportdesk.cli.output import complain

if TYPE_CHECKING:
    from supportdesk.cli.param_types import TypedInstant
    from supportdesk.desk_api import DeskApi


def need_terminal() -> None:
    """Raises BadRequestError where there is nobody to see the console, as in a script: it would never end."""
    if not all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout)):
        raise BadRequestError(
            "The console needs a terminal. In a script use `supportdesk queue` and the other commands."
        )


def open_console(session: CliContext, begin_at: str = "") -> None:
    """Opens the console on the session's desk and stays until it is left, then leaves with its exit code.

    `begin_at` is the reference of the ticket to open first.
    """
    need_terminal()
    if session.named is None and not session.exists:
        session = _set_up(session)
    connect, username = session.opener(), session.username
    from supportdesk.console.app import run
    from supportdesk.console.calls.softphone import folders

    name, files = desk_address.name(session.address), session.settings_files
    drafts = desk_address.drafts_folder(session.address, username)
    code = run(
        connect, username=username, name=name, files=files, drafts=drafts, calls=folders(), begin_at=begin_at
    )
    if code == FAILURE and (damage := session.damage()):
        complain(damage)
    sys.exit(code)


def _set_up(session: CliContext) -> CliContext:
    """Leads through the first start; leaves where nothing is to be opened after it."""
    from supportdesk.cli.setup import set_up

    start = set_up(session)
    if start is None:
        sys.exit(0)
    if not start.demo:
        return CliContext(start.address, session.username, session.clock, session.config)
    from supportdesk.cli.demo_desk import filled

    return filled(session)


def open_replay(session: CliContext, begin: TypedInstant | None, speed: float) -> None:
    """Opens the console on the session's desk as it was from `begin`, or from its first event, on."""
    need_terminal()
    session.be_there()
    address, clock, username = session.address, session.clock, session.username
    start = None
    if begin is not None:
        start = begin.complete
        if start is None:
            with session.desk() as door:
                start = begin.on(door)

    def connect() -> DeskApi:
        from supportdesk.past import PastDesk

        return PastDesk.open(address, start, speed, present=clock)

    from supportdesk.console.app import run

    sys.exit(run(connect, username=username, name=desk_address.name(address), files=session.settings_files))
