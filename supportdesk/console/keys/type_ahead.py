"""Type-ahead: each key waits for the one before it to be handled, and for the screen that it opens.

Textual hands a key to whatever has the focus when the key arrives. Over a slow line keys come in bursts, and the first
letters of a reply would reach the queue as commands while the form for it is still on its way. Here a key is
delivered only when the last one has been handled, and none while a hold keeps them back.
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

from supportdesk.console.workers import call_after

if TYPE_CHECKING:
    from textual.message_pump import MessagePump

PATIENCE = 0.5
"""Seconds after which a key counts as handled though its widget was removed without a reply."""
LOOKS = 40
"""How often so many seconds pass before a key counts as handled though its widget is still there: a machine that is
busy, or stands still, takes as long to handle it, and the next key must not overtake it.
"""
PAUSE = 0.6
"""Seconds without a key after which the operator has seen that their keys are dropped."""

ROUNDS = 2
"""How often `KeyHandled` bubbles up after a key: once behind the key, once behind the messages that it caused."""


class KeyHandled(Message):
    """Follows a key on its way up from the focus; where it arrives, all that was sent before it has arrived."""

    bubble = True

    def __init__(self, number: int, holder: MessagePump, rounds: int) -> None:
        super().__init__()
        self.number = number
        self.holder = holder
        self.rounds = rounds


class KeyHold:
    """Holds keys back until it is released, which may happen more than once."""

    def __init__(
        self,
        on_release: Callable[[KeyHold], None],
        on_refuse: Callable[[KeyHold], None],
        on_discard: Callable[[KeyHold], None],
    ) -> None:
        self._on_release = on_release
        self._on_refuse = on_refuse
        self._on_discard = on_discard

    def release(self) -> None:
        """Deliver the keys, unless another hold keeps them back."""
        self._on_release(self)

    def refuse(self) -> None:
        """Release because the screen does not open: drop the waiting keys and those typed without a pause."""
        self._on_refuse(self)

    def discard(self) -> None:
        """Release for a question that nobody should answer unread: refuse where any key waits."""
        self._on_discard(self)


Then = Callable[[], Awaitable[None]]


class TypeAhead:
    """The queue of keys that wait. `deliver` handles one and returns its receiver, None if there is nothing to await.

    `call_later` has the application call a function in its own message loop: a `KeyHandled` posted from elsewhere would
    not come back. `set_timer` does so after some seconds.
    """

    def __init__(
        self,
        deliver: Callable[[Key | Paste], Awaitable[MessagePump | None]],
        *,
        call_later: Callable[[Then], object],
        set_timer: Callable[[float, Then], object],
    ) -> None:
        self._deliver = deliver
        self._call_later = call_later
        self._set_timer = set_timer
        self._pending: deque[Key | Paste] = deque()
        self._holds: set[KeyHold] = set()
        self._number = 0
        self._in_delivery: int | None = None
        self._receiver: MessagePump | None = None
        self._looked_for: int | None = None
        """The key in delivery whose receiver is looked for, as others wait for it."""
        self._dropped: int | None = None
        """How many keys have been dropped since something did not open; None while keys count."""

    @property
    def is_idle(self) -> bool:
        """Whether every key has been handled; one whose receiver was removed has."""
        receiver = self._receiver
        return not self._pending and (
            self._in_delivery is None or receiver is None or not receiver.is_attached
        )

    @property
    def is_waiting(self) -> bool:
        """Whether any key has been held back."""
        return bool(self._pending)

    def hold(self) -> KeyHold:
        """Hold back every further key until the returned hold is released."""
        hold = KeyHold(self._release, self._refuse, self._discard)
        self._holds.add(hold)
        return hold

    def _release(self, hold: KeyHold) -> None:
        self._holds.discard(hold)
        self._call_later(self._deliver_next)

    def _refuse(self, hold: KeyHold) -> None:
        if hold in self._holds:
            self._pending.clear()
            self._drop_more(0)
            self._release(hold)

    def _discard(self, hold: KeyHold) -> None:
        if self._pending:
            self._refuse(hold)
        else:
            self._release(hold)

    def _drop_more(self, dropped: int) -> None:
        self._dropped = dropped
        self._set_timer(PAUSE, partial(self._count_again, dropped))

    async def _count_again(self, dropped: int) -> None:
        """Accept keys again, unless more was typed meanwhile."""
        if dropped == self._dropped:
            self._dropped = None

    async def put(self, key: Key | Paste) -> None:
        """Add a key press or a pasted text."""
        if self._dropped is not None and (isinstance(key, Paste) or key.is_printable):
            self._drop_more(self._dropped + 1)
            return
        self._dropped = None
        self._pending.append(key)
        await self._deliver_next()

    def _look_later(self, number: int, looks: int) -> None:
        self._set_timer(PATIENCE, partial(self._look_for_receiver, number, looks - 1))

    async def _look_for_receiver(self, number: int, looks: int) -> None:
        """Count a key as handled whose receiver is gone; wait on for one that is only slow, but not for ever."""
        if number != self._in_delivery:
            return
        if looks and self._receiver is not None and self._receiver.is_attached:
            self._look_later(number, looks)
        else:
            await self._done(number)

    async def on_handled(self, message: KeyHandled) -> None:
        """Handle the message that follows a key: send it once more, or count the key as handled."""
        again = KeyHandled(message.number, message.holder, message.rounds - 1)
        if not again.rounds or not message.holder.post_message(again):
            await self._done(message.number)

    async def _done(self, number: int) -> None:
        """Count a key as handled and deliver the next; one that was given up before changes nothing."""
        if number == self._in_delivery:
            self._in_delivery = None
            await self._deliver_next()

    async def _deliver_next(self) -> None:
        while self._pending and not self._holds and self._in_delivery is None:
            self._number += 1
            number = self._in_delivery = self._number
            holder = self._receiver = await self._deliver(self._pending.popleft())
            if holder is None or not holder.post_message(KeyHandled(number, holder, ROUNDS)):
                self._in_delivery = None
        slow = self._in_delivery
        if self._pending and slow is not None and slow != self._looked_for:
            self._looked_for = slow
            self._look_later(slow, LOOKS)


def split_alt_key(key: Key) -> tuple[Key, ...]:
    """Return the keys that were pressed where a terminal reports one.

    Escape and then a letter, quickly or over a line that sends both at once, look like the letter with Alt.
    """
    letter = key.character
    if letter is None or not key.key.startswith("alt+"):
        return (key,)
    return Key("escape", "\x1b"), Key(letter, letter)


class SerializedKeys(App[None]):
    """An application that handles one key at a time; `typed` holds keys back while a screen opens."""

    def __init__(self) -> None:
        super().__init__()
        self.typed = TypeAhead(
            self._deliver_key, call_later=self.call_later, set_timer=partial(call_after, self)
        )

    async def on_event(self, event: Event) -> None:
        """Queue a key or a paste until the key before it is handled; pass everything else on."""
        if isinstance(event, Paste) and not event.is_forwarded:
            await self.typed.put(event)
        elif isinstance(event, Key) and not event.is_forwarded:
            pressed = split_alt_key(event)
            if len(pressed) > 1 and event.key in self.screen.active_bindings:
                pressed = (event,)
            for key in pressed:
                await self.typed.put(key)
        elif isinstance(event, Key) and self.screen_stack and not self.screen.is_mounted:
            # It comes back from a screen in front of which another one is just being opened: it was not meant for that.
            event.stop()
        elif not (isinstance(event, MouseDown) and self._is_on_something_gone(event)):
            await super().on_event(event)

    def _is_on_something_gone(self, event: MouseDown) -> bool:
        """Return whether a click is on a widget that is being removed: Textual would look for its parent."""
        try:
            widget, _ = self.screen.get_widget_at(event.x, event.y)
        except (NoWidget, ScreenStackError):
            return False
        return not widget.is_attached

    async def _deliver_key(self, key: Key | Paste) -> MessagePump:
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
        """Go on to the next key."""
        await self.typed.on_handled(message)
