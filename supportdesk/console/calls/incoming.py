"""Incoming calls: shown on every screen until answered, without taking the focus from what is being typed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import msgspec
from textual.message import Message

from supportdesk.console.calls.incoming_bar import IncomingCallBar
from supportdesk.console.calls.softphone import Listener, notify_consoles
from supportdesk.console.keys.keymap import KEYS
from supportdesk.console.keys.names import display
from supportdesk.console.notifications.controller import refit_dialog
from supportdesk.console.terminal.lock_mode import desk_screens
from supportdesk.console.workers import call_after
from supportdesk.desk_api import DeskUnavailableError
from supportdesk.tickets import telephone

if TYPE_CHECKING:
    from pathlib import Path

    from textual.app import App
    from textual.screen import Screen

    from supportdesk.console.session import Session
    from supportdesk.desk_api import DeskReader
    from supportdesk.store.read_models import Caller

RING_SECONDS = 60.0
"""Seconds after which an unanswered call is taken off the screen."""

DESTINATION = "call"
"""The destination at which a call is answered; see `navigation`."""

_NAMED = 2
"""Up to this many possible callers are named; of more, only their company, if they share one."""


WITHHELD = "Number withheld"
"""Shown in place of a number that the caller withholds."""

ANSWERED = "answered "
"""What a console tells the user's others before the number of a call that it has answered."""
_ANONYMOUS = "anonymous"


class IncomingCall(msgspec.Struct, frozen=True):
    """A ringing call: the number as it is written in this country, and who the caller may be.

    `name` is what the softphone calls a caller who is not in the directory; mostly empty. `reported` is the number as
    the softphone gave it, the same at each of the user's consoles.
    """

    number: str
    who: str
    name: str = ""
    reported: str = ""

    @property
    def text(self) -> str:
        """The first query of the caller search: empty where the number is withheld."""
        return "" if self.number == WITHHELD else telephone.beside_name(self.number, self.name)


def identify(desk: DeskReader, number: str, name: str = "") -> IncomingCall:
    """Return the call from a number with the known callers with that number, or else with the `name`. Blocks."""
    home = telephone.home_region(desk.policy_at(desk.now()))
    try:
        found = desk.find_callers(number, _NAMED + 1)
    except DeskUnavailableError:
        found = []
    shown = telephone.format_number(number, home)
    if name and not found:
        return IncomingCall(shown, f"{name}, not in the directory", name, number)
    return IncomingCall(shown, _names(found), reported=number)


def _names(found: list[Caller]) -> str:
    companies = {each.organisation.name for each in found}
    if not found:
        return "unknown caller"
    if len(found) <= _NAMED:
        return " or ".join(f"{each.contact.name}, {each.organisation.name}" for each in found)
    return f"a contact at {companies.pop()}" if len(companies) == 1 else "several possible callers"


class CallReceived(Message):
    """A softphone has reported a call."""

    def __init__(self, number: str) -> None:
        super().__init__()
        self.number = number


class IncomingCalls:
    """The calls ringing at this console, and the bar on all screens that shows the latest one.

    A call rings in each console of the user. The one that answers it opens the form, and silences the others.

    `folders` are where a softphone looks for the console's socket: the console listens in the first usable one, and
    nowhere if there are none. `session` returns None while the desk is not open. `fault` is why it cannot listen.
    """

    def __init__(self, app: App[Any], folders: Sequence[Path], session: Callable[[], Session | None]) -> None:
        self.fault: str | None = None
        self._app = app
        self._session = session
        self._folders = folders
        self._calls: list[IncomingCall] = []
        self._identifying: set[str] = set()
        """The numbers whose callers are being looked up."""
        self._listener: Listener | None = None
        if folders:
            try:
                self._listener = Listener(folders, lambda number: app.post_message(CallReceived(number)))
            except OSError as error:
                self.fault = f"`supportdesk call` cannot reach this console: {error}."

    @property
    def rings(self) -> bool:
        """Whether a call is ringing."""
        return bool(self._calls)

    async def receive(self, number: str) -> None:
        """Look up the caller and show the call; while the desk is not open, show its number alone.

        A call that another console has answered is taken off the screen. Text that cannot be a telephone number is
        ignored: any program of this user can write to the socket.
        """
        session = self._session()
        if number.startswith(ANSWERED):
            self._end(number.removeprefix(ANSWERED))
            return
        if telephone.is_withheld(number):
            self.add(IncomingCall(WITHHELD, "unknown caller", reported=_ANONYMOUS))
            return
        if not telephone.is_number(number):
            return
        number, name = telephone.extract_number(number), telephone.name_beside(number)
        if session is None:
            self.add(IncomingCall(number, name or "the desk is not open yet", name, number))
            return
        self._identifying.add(number)
        look_up = partial(identify, session.desk, number, name)
        found = await self._app.run_worker(look_up, thread=True, group="ring").wait()
        if number in self._identifying:
            self._identifying.remove(number)
            self.add(found)

    async def identify_again(self) -> None:
        """Look up the callers again: one of them was erased, perhaps."""
        session = self._session()
        for call in [each for each in self._calls if each.number != WITHHELD and session is not None]:
            self._calls = [each for each in self._calls if each is not call]
            await self.receive(telephone.beside_name(call.reported, call.name))

    def _end(self, reported: str) -> None:
        """Take a call off the screen that another console has answered."""
        self._identifying.discard(reported)
        self._calls = [each for each in self._calls if each.reported != reported]
        self.show()

    def add(self, call: IncomingCall) -> None:
        """Show a call; it replaces an earlier one from the same number."""
        self._calls = [each for each in self._calls if each.number != call.number]
        self._calls.append(call)
        call_after(self._app, RING_SECONDS, partial(self._withdraw, call))
        self.show()

    def answer(self) -> IncomingCall | None:
        """Answer the call that is shown and return it, and silence it elsewhere; None where none is ringing."""
        taken = self._calls.pop() if self._calls else None
        self.show()
        if taken is not None and self._listener is not None:
            silence = partial(notify_consoles, f"{ANSWERED}{taken.reported}", self._folders)
            self._app.run_worker(silence, thread=True, group="ring")
        return taken

    def dismiss_all(self) -> bool:
        """Take all calls off the screen; return whether there were any."""
        had, self._calls = bool(self._calls), []
        self.show()
        return had

    def _withdraw(self, call: IncomingCall) -> None:
        self._calls = [each for each in self._calls if each is not call]
        self.show()

    def close(self) -> None:
        """Stop listening for calls."""
        if self._listener is not None:
            self._listener.close()

    def show_on(self, screen: Screen[Any]) -> None:
        """Show the ringing call on a screen that has just been opened, too."""
        if self._calls:
            screen.call_after_refresh(self.show)

    def show(self) -> None:
        """Update the bar on every screen."""
        for screen in desk_screens(self._app):
            if not screen.is_mounted:
                continue
            bar = IncomingCallBar.on(screen)
            if not self._calls:
                if bar is not None:
                    bar.leave()
                refit_dialog(screen)
                continue
            if bar is None:
                bar = IncomingCallBar()
                screen.mount(bar)
            last, more = self._calls[-1], len(self._calls) - 1
            who = f"{last.number}  {last.who}"
            bar.show_caller(f"{who}  ({more} more)" if more else who, f"{self._answer_key} answer")
            refit_dialog(screen)

    @property
    def _answer_key(self) -> str:
        session = self._session()
        keys = session.keys if session is not None else KEYS
        return next(display(key.keys) for key in keys if key.id == "desk.answer")
