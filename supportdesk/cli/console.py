"""Opens the console. Nothing here imports the database: the first frame is drawn before that."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from supportdesk.cli import desk_address
from supportdesk.cli.context import CliContext
from supportdesk.cli.errors import FAILURE, BadRequestError
from supportdesk.cli.output import echo_error
from supportdesk.cli.streams import is_in_terminal

if TYPE_CHECKING:
    from supportdesk.cli.param_types import TypedInstant
    from supportdesk.desk_api import DeskApi
    from supportdesk.watcher.hosting import HostedWatcher


def require_terminal() -> None:
    """Raise BadRequestError without a terminal, as in a script: the console would never end."""
    if not is_in_terminal():
        raise BadRequestError(
            "The console needs a terminal. In a script use `supportdesk queue` and the other commands."
        )


def open_console(context: CliContext, open_first: str = "", *, locked: bool = False) -> None:
    """Open the console on the desk. Raises SystemExit with its exit code when the operator quits.

    `open_first` is the reference of the ticket to open first, and `locked` begins with the lock screen.
    """
    require_terminal()
    if context.explicit_address is None and not context.exists:
        context = _set_up(context)
    connect, username = context.opener(), context.username
    from supportdesk.console.app import Console, run
    from supportdesk.console.calls.softphone import socket_folders
    from supportdesk.console.watching.host import Watching
    from supportdesk.store.location import find_heartbeat

    heartbeat = find_heartbeat(context.address)

    def start() -> HostedWatcher:
        from supportdesk.cli.watcher_outside import watcher_outside
        from supportdesk.watcher.hosting import start_watcher

        # A console serves no links, and watches only where no service does: a link would lead nowhere.
        outside = watcher_outside(context, lambda line: None, has_links=False)
        return start_watcher(connect, heartbeat, outside=outside)

    watching = Watching(heartbeat, start)
    name, files = desk_address.name(context.address), context.settings_files
    drafts = desk_address.drafts_folder(context.address, username)
    code = run(
        Console(
            connect,
            username=username,
            name=name,
            files=files,
            drafts=drafts,
            calls=socket_folders(),
            open_first=open_first,
            watching=watching,
            locked=locked,
        )
    )
    if code == FAILURE and (damage := context.describe_damage()):
        echo_error(damage)
    sys.exit(code)


def _set_up(context: CliContext) -> CliContext:
    """Run the first-start wizard and return the context to open. Raises SystemExit where it was cancelled."""
    from supportdesk.cli.setup import set_up

    start = set_up(context)
    if start is None:
        sys.exit(0)
    if not start.demo:
        return CliContext(start.address, context.username, context.clock, context.config)
    from supportdesk.cli.demo_desk import prepare_demo_desk

    return prepare_demo_desk(context)


def open_replay(context: CliContext, begin: TypedInstant | None, speed: float) -> None:
    """Play the desk back in the console from `begin`, or from its first event. Raises SystemExit at the end."""
    require_terminal()
    context.require_desk()
    address, clock, username = context.address, context.clock, context.username
    start = None
    if begin is not None:
        start = begin.absolute
        if start is None:
            with context.desk() as desk:
                start = begin.resolve(desk)

    def connect() -> DeskApi:
        from supportdesk.past import PastDesk

        return PastDesk.open(address, start, speed, present=clock)

    from supportdesk.console.app import Console, run

    name = desk_address.name(address)
    sys.exit(run(Console(connect, username=username, name=name, files=context.settings_files)))
