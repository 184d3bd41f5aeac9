"""Calls that ring: offered on every screen, without taking the keys from what somebody is writing, until answered."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from textual.message import Message

from supportdesk.console.calls.incoming_bar import IncomingCallBar
from supportdesk.console.calls.softphone import Listener
from supportdesk.console.keys.keymap import KEYS
from supportdesk.console.keys.names import display
from supportdesk.console.notifications.controller import make_room_in
from supportdesk.desk_api import DeskUnavailableError
from supportdesk.tickets import telephone

if TYPE_CHECKING:
    from pathlib import Path

    from textual.app import App
    from textual.screen import Screen

    from supportdesk.console.session import Session
    from supportdesk.desk_api import DeskApi
    from supportdesk.store.read_models import Caller

RING_SECONDS = 60.0
"""Seconds after which nobody is on the line any more."""

DESTINATION = "call"
"""The place where a call is taken; see `visiting`."""

_NAMED = 2
"""So many who may be ringing are named; of more than that the company, if it is one."""


WITHHELD = "Number withheld"
"""What is offered in place of a number that the caller keeps back."""


@dataclass(frozen=True, slots=True)
class IncomingCall:
    """A call that rings: the number as it is written here, and who that may be."""

    number: str
    who: str

    @property
    def text(self) -> str:
        """What the search for the caller begins with: nothing where the number is withheld."""
        return "" if self.number == WITHHELD else self.number


def identify(door: DeskApi, number: str) -> IncomingCall:
    """Who rings from a number, as far as the desk knows; it blocks."""
    home = telephone.region(door.policy_at(door.now()))
    try:
        found = door.find_callers(number, _NAMED + 1)
    except DeskUnavailableError:
        found = []
    return IncomingCall(telephone.written(number, home), _names(found))


def _names(found: list[Caller]) -> str:
    companies = {each.organisation.name for each in found}
    if not found:
        return "nobody the desk knows"
    if len(found) <= _NAMED:
        return " or ".join(f"{each.contact.name}, {each.organisation.name}" for each in found)
    return f"somebody at {companies.pop()}" if len(companies) == 1 else "one of several people"


class CallReceived(Message):
    """A softphone has told of a call."""

    def __init__(self, number: str) -> None:
        super().__init__()
        self.number = number


class IncomingCalls:
    """The calls that ring at this console, and the line that tells of the last one on all of its screens.

    `folders` are where a softphone looks for the console: it listens in the first that will do, and in none without
    any. `session` is None while the desk is not open. Where it cannot listen, `fault` says why.
    """

    def __init__(self, app: App[Any], folders: Sequence[Path], session: Callable[[], Session | None]) -> None:
        self.fault: str | None = None
        self._app = app
        self._session = session
        self._calls: list[IncomingCall] = []
        self._listener: Listener | None = None
        if folders:
            try:
                self._listener = Listener(folders, lambda number: app.post_message(CallReceived(number)))
            except OSError as error:
                self.fault = f"`supportdesk call` does not reach this console: {error}."

    async def receive(self, number: str) -> None:
        """Looks up who rings, and offers the call; without a desk it is offered by its number.

        What can be no number is nobody's call: anything may be said on the way here.
        """
        session = self._session()
        if telephone.is_withheld(number):
            self.add(IncomingCall(WITHHELD, "an unknown caller"))
            return
        if not telephone.may_be_number(number):
            return
        if session is None:
            self.add(IncomingCall(number, "the desk is not open yet"))
        else:
            look_up = partial(identify, session.door, number)
            self.add(await self._app.run_worker(look_up, thread=True, group="ring").wait())

    def add(self, call: IncomingCall) -> None:
        """Tells of a call; one from the same number is the same call."""
        self._calls = [each for each in self._calls if each.number != call.number]
        self._calls.append(call)
        self._app.set_timer(RING_SECONDS, partial(self._withdraw, call))
        self.show()

    def answer(self) -> IncomingCall | None:
        """The call that is told of, which is answered now; None where nobody rings."""
        taken = self._calls.pop() if self._calls else None
        self.show()
        return taken

    def dismiss_all(self) -> bool:
        """Lets everybody ring; False where nobody does."""
        had, self._calls = bool(self._calls), []
        self.show()
        return had

    def _withdraw(self, call: IncomingCall) -> None:
        self._calls = [each for each in self._calls if each is not call]
        self.show()

    def close(self) -> None:
        """Nobody can ring here any more."""
        if self._listener is not None:
            self._listener.close()

    def show_on(self, screen: Screen[Any]) -> None:
        """Tells of what rings on a screen that has just been opened, too."""
        if self._calls:
            screen.call_after_refresh(self.show)

    def show(self) -> None:
        """Brings the line on every screen up to date."""
        for screen in self._app.screen_stack:
            if not screen.is_mounted:
                continue
            lines = list(screen.query_children(IncomingCallBar).results(IncomingCallBar))
            if not self._calls:
                for line in lines:
                    line.remove()
                make_room_in(screen)
                continue
            line = lines[0] if lines else IncomingCallBar()
            if not lines:
                screen.mount(line)
            last, more = self._calls[-1], len(self._calls) - 1
            who = f"{last.number}  {last.who}"
            line.show_caller(f"{who}  ({more} more)" if more else who, f"{self._answer_key} answers")
            make_room_in(screen)

    @property
    def _answer_key(self) -> str:
        session = self._session()
        keys = session.keys if session is not None else KEYS
        return next(display(key.keys) for key in keys if key.id == "desk.answer")
