"""Keys that are typed faster than the screen follows: each waits for the one before it, and for what that one opens.

Textual hands a key to whatever has the focus when the key arrives. Over a slow line keys come in bursts, and the first
letters of a reply would reach the queue as commands while the form for it is still on its way. Here a key is handed on
only when the last one has been dealt with, and none while something holds them.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING

from textual.app import App, ScreenStackError
from textual.errors import NoWidget
from textual.events import Event, Key, MouseDown, Paste
from textual.message import Message

if TYPE_CHECKING:
    from textual.message_pump import MessagePump

PATIENCE = 0.5
"""Seconds after which a key counts as dealt with, though whoever had it went away without a word."""
PAUSE = 0.6
"""Seconds without a key after which somebody has seen that what they type goes nowhere."""

ROUNDS = 2
"""How often the way up is gone after a key: once behind the key, once behind the messages that it gave rise to."""


class KeyHandled(Message):
    """Follows a key on its way up from the focus; where it arrives, all that was sent before it has arrived."""

    bubble = True

    def __init__(self, number: int, holder: MessagePump, rounds: int) -> None:
        super().__init__()
        self.number = number
        self.holder = holder
        self.rounds = rounds


class KeyHold:
    """Keeps keys back until it is let go, which may be done more than once."""

    def __init__(self, let_go: Callable[[KeyHold], None], turn_away: Callable[[KeyHold], None]) -> None:
        self._let_go = let_go
        self._turn_away = turn_away

    def release(self) -> None:
        """Lets the keys go on, unless another hold keeps them."""
        self._let_go(self)

    def refuse(self) -> None:
        """Lets go, because what was to open does not: drops what waits, and what is typed on without a pause."""
        self._turn_away(self)


Then = Callable[[], Awaitable[None]]


class TypeAhead:
    """The line in which keys wait. `deliver` hands one on and returns who has it now, None where nobody needs to.

    `soon` has the application call a function; nobody else may, for what it sends on would not come back here. `later`
    does so after some seconds.
    """

    def __init__(
        self,
        deliver: Callable[[Key | Paste], Awaitable[MessagePump | None]],
        *,
        soon: Callable[[Then], object],
        later: Callable[[float, Then], object],
    ) -> None:
        self._deliver = deliver
        self._soon = soon
        self._later = later
        self._waiting: deque[Key | Paste] = deque()
        self._holds: set[KeyHold] = set()
        self._number = 0
        self._under_way: int | None = None
        self._dropped: int | None = None
        """How many keys have been dropped since something did not open; None while keys count."""

    def hold(self) -> KeyHold:
        """Keeps every further key back from now on."""
        hold = KeyHold(self._release, self._refuse)
        self._holds.add(hold)
        return hold

    def _release(self, hold: KeyHold) -> None:
        self._holds.discard(hold)
        self._soon(self._go_on)

    def _refuse(self, hold: KeyHold) -> None:
        if hold in self._holds:
            self._waiting.clear()
            self._drop_more(0)
            self._release(hold)

    def _drop_more(self, dropped: int) -> None:
        self._dropped = dropped
        self._later(PAUSE, partial(self._count_again, dropped))

    async def _count_again(self, dropped: int) -> None:
        """Keys count again, unless more was typed meanwhile."""
        if dropped == self._dropped:
            self._dropped = None

    async def take(self, key: Key | Paste) -> None:
        """A key was pressed, or a text pasted."""
        if self._dropped is not None and (isinstance(key, Paste) or key.is_printable):
            self._drop_more(self._dropped + 1)
            return
        self._dropped = None
        self._waiting.append(key)
        if self._under_way is not None:
            self._later(PATIENCE, partial(self._done, self._under_way))
        await self._go_on()

    async def dealt(self, message: KeyHandled) -> None:
        """What follows a key has come up once more."""
        again = KeyHandled(message.number, message.holder, message.rounds - 1)
        if not again.rounds or not message.holder.post_message(again):
            await self._done(message.number)

    async def _done(self, number: int) -> None:
        """A key has been dealt with; one that was given up before is not missed."""
        if number == self._under_way:
            self._under_way = None
            await self._go_on()

    async def _go_on(self) -> None:
        while self._waiting and not self._holds and self._under_way is None:
            self._number += 1
            number = self._under_way = self._number
            holder = await self._deliver(self._waiting.popleft())
            if holder is None or not holder.post_message(KeyHandled(number, holder, ROUNDS)):
                self._under_way = None


def one_by_one(key: Key) -> tuple[Key, ...]:
    """The keys that were pressed where a terminal tells of one.

    Escape and then a letter, quickly or over a line that sends both at once, look like the letter with Alt.
    """
    letter = key.character
    if letter is None or not key.key.startswith("alt+"):
        return (key,)
    return Key("escape", "\x1b"), Key(letter, letter)


class SerializedKeys(App[None]):
    """An application that hands on one key at a time; `typed` holds them back where something is about to open."""

    def __init__(self) -> None:
        super().__init__()
        self.typed = TypeAhead(self._hand_on, soon=self.call_later, later=self.set_timer)

    async def on_event(self, event: Event) -> None:
        """Lets a key or a paste wait until the key before it is dealt with; everything else is as it always is."""
        if isinstance(event, Paste) and not event.is_forwarded:
            await self.typed.take(event)
        elif isinstance(event, Key) and not event.is_forwarded:
            pressed = one_by_one(event)
            if len(pressed) > 1 and event.key in self.screen.active_bindings:
                pressed = (event,)
            for key in pressed:
                await self.typed.take(key)
        elif isinstance(event, Key) and self.screen_stack and not self.screen.is_mounted:
            # It comes back from a screen in front of which another one is just being opened: it was not meant for that.
            event.stop()
        elif not (isinstance(event, MouseDown) and self._is_on_something_gone(event)):
            await super().on_event(event)

    def _is_on_something_gone(self, event: MouseDown) -> bool:
        """Whether a click is on a widget that is being removed: Textual looks for its parent, which it has lost."""
        try:
            widget, _ = self.screen.get_widget_at(event.x, event.y)
        except (NoWidget, ScreenStackError):
            return False
        return not widget.is_attached

    async def _hand_on(self, key: Key | Paste) -> MessagePump:
        holder = self.focused or self.screen
        if isinstance(key, Paste):
            from textual.widgets import Input

            from supportdesk.console.terminal.safe_text import one_line

            if isinstance(holder, Input):
                # A field of Textual's own, such as the palette's, would keep only the first line.
                key.text = one_line(key.text)
        await super().on_event(key)
        return holder

    async def on_key_handled(self, message: KeyHandled) -> None:
        """The next key, then."""
        await self.typed.dealt(message)
