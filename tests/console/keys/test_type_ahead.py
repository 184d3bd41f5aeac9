"""Keys that arrive faster than the screen can follow."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

from textual.binding import Binding, BindingType
from textual.events import Key, Paste
from textual.widget import Widget

from supportdesk.console.keys.type_ahead import (
    LOOKS,
    ROUNDS,
    KeyHandled,
    KeyHold,
    SerializedKeys,
    Then,
    TypeAhead,
    split_alt_key,
)
from tests.console.fixtures.morning import morning_desk
from tests.console.harness.console import running


class Holder:
    """A widget with the focus, which keeps the messages that follow the keys."""

    def __init__(self, *, is_there: bool = True) -> None:
        self.is_there = self.is_attached = is_there
        self.followed: list[KeyHandled] = []

    def post_message(self, message: Any) -> bool:
        if self.is_there:
            self.followed.append(message)
        return self.is_there


@dataclass
class Typist:
    """Presses keys and records which are delivered."""

    holder: Holder | None = field(default_factory=Holder)
    seen: list[str] = field(default_factory=list)
    soon: list[Then] = field(default_factory=list)
    later: list[Then] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.line = TypeAhead(
            self.deliver, call_later=self.soon.append, set_timer=lambda seconds, then: self.later.append(then)
        )

    async def deliver(self, key: Key | Paste) -> Any:
        self.seen.append(key.key if isinstance(key, Key) else key.text)
        return self.holder

    async def type(self, keys: str) -> None:
        for key in keys:
            await self.line.put(Key(key, key))

    async def release(self, hold: KeyHold) -> None:
        hold.release()
        await self.soon.pop()()

    async def deal(self) -> None:
        assert self.holder is not None
        for _ in range(ROUNDS):
            await self.line.on_handled(self.holder.followed[-1])


async def test_a_key_waits_until_the_previous_one_is_handled() -> None:
    typist = Typist()
    await typist.type("abc")
    assert typist.seen == ["a"]
    await typist.deal()
    assert typist.seen == ["a", "b"]
    await typist.deal()
    assert typist.seen == ["a", "b", "c"]


async def test_keys_continue_when_the_previous_one_had_no_receiver() -> None:
    for holder in (None, Holder(is_there=False)):
        typist = Typist(holder)
        await typist.type("abc")
        assert typist.seen == ["a", "b", "c"]


async def test_a_key_whose_receiver_was_removed_counts_as_handled_after_a_while() -> None:
    typist = Typist()
    await typist.type("ab")
    assert typist.holder is not None
    typist.holder.is_attached = False
    assert typist.seen == ["a"]
    await typist.later.pop()()
    assert typist.seen == ["a", "b"]


async def test_the_last_of_several_keys_waits_for_each_receiver_that_was_removed() -> None:
    typist = Typist()
    await typist.type("abc")
    await typist.deal()
    assert typist.holder is not None
    typist.holder.is_attached = False
    for look in typist.later:
        await look()
    assert typist.seen == ["a", "b", "c"]


async def test_no_key_overtakes_one_whose_receiver_is_only_slow() -> None:
    typist = Typist()
    await typist.type("abc")
    for _ in range(LOOKS - 1):
        await typist.later.pop()()
    assert (typist.seen, len(typist.later)) == (["a"], 1)
    await typist.deal()
    await typist.later.pop(0)()
    assert typist.seen == ["a", "b"]


async def test_a_receiver_that_never_replies_does_not_keep_keys_back_for_ever() -> None:
    typist = Typist()
    await typist.type("abc")
    for _ in range(LOOKS):
        await typist.later.pop()()
    assert typist.seen == ["a", "b"]


async def test_a_late_reply_does_not_deliver_two_keys() -> None:
    typist = Typist()
    await typist.type("abc")
    assert typist.holder is not None
    typist.holder.is_attached = False
    await typist.later.pop()()
    for _ in range(ROUNDS):
        await typist.line.on_handled(typist.holder.followed[0])
    assert typist.seen == ["a", "b"]


async def test_a_key_is_handled_only_when_its_messages_are() -> None:
    typist = Typist()
    await typist.type("ab")
    assert typist.holder is not None
    await typist.line.on_handled(typist.holder.followed[0])
    assert typist.seen == ["a"]
    await typist.line.on_handled(typist.holder.followed[1])
    assert typist.seen == ["a", "b"]


async def test_keys_for_a_screen_that_did_not_open_are_dropped_until_a_pause() -> None:
    typist = Typist(None)
    hold = typist.line.hold()
    await typist.type("we a")
    hold.refuse()
    await typist.soon.pop()()
    await typist.type("re")
    assert typist.seen == []
    for began in typist.later:
        await began()
    await typist.type("q")
    assert typist.seen == ["q"]


async def test_typing_restarts_the_pause() -> None:
    typist = Typist(None)
    typist.line.hold().refuse()
    await typist.soon.pop()()
    await typist.type("a")
    await typist.later[0]()
    await typist.type("b")
    assert typist.seen == []


async def test_a_key_that_types_no_character_ends_the_pause() -> None:
    typist = Typist(None)
    typist.line.hold().refuse()
    await typist.soon.pop()()
    await typist.line.put(Key("down", None))
    await typist.type("c")
    assert typist.seen == ["down", "c"]


async def test_held_keys_are_delivered_in_order_after_the_release() -> None:
    typist = Typist(None)
    first, second = typist.line.hold(), typist.line.hold()
    await typist.type("ab")
    await typist.release(first)
    await typist.release(first)
    assert typist.seen == []
    await typist.type("c")
    await typist.release(second)
    assert typist.seen == ["a", "b", "c"]


async def test_escape_and_a_letter_sent_together_are_two_keys() -> None:
    for key, character, pressed in (
        ("alt+n", "n", ["escape", "n"]),
        ("alt+shift+m", "M", ["escape", "M"]),
        ("n", "n", ["n"]),
        ("alt+left", None, ["alt+left"]),
        ("alt+n", None, ["alt+n"]),
    ):
        assert [each.key for each in split_alt_key(Key(key, character))] == pressed


async def test_a_key_after_a_quick_escape_goes_to_the_screen_below() -> None:
    async with running(morning_desk()) as it:
        await it.press("n")
        it.app.post_message(Key("alt+j", "j"))
        await it.rest()
        assert it.app.screen is it.screen


async def test_the_focus_moves_at_once_so_that_the_next_key_goes_there() -> None:
    async with running(morning_desk()) as it:
        controllers, screen = it.screen.controllers, it.screen

        def has_focus(widget: Widget) -> bool:
            return screen.focused is widget

        screen.action_filter()
        assert has_focus(screen.filter_bar.input)
        assert controllers.filter.apply("severity:high")
        assert has_focus(screen.queue)
        controllers.navigator.open_ticket()
        assert has_focus(screen.ticket_pane)
        assert controllers.navigator.leave_ticket()
        assert has_focus(screen.queue)


class WithAlt(SerializedKeys):
    """Binds a key with Alt, and counts it and Escape."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("alt+n", "count('alt+n')"),
        Binding("escape", "count('escape')"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.counted: list[str] = []

    def action_count(self, key: str) -> None:
        self.counted.append(key)


async def test_a_bound_alt_key_stays_one_key() -> None:
    app = WithAlt()
    async with app.run_test() as pilot:
        app.post_message(Key("alt+n", "n"))
        await pilot.pause()
        app.post_message(Key("alt+m", "m"))
        await pilot.pause()
    assert app.counted == ["alt+n", "escape"]


async def test_a_key_bubbling_from_one_screen_does_nothing_on_another_being_opened() -> None:
    async with running(morning_desk()) as it:
        it.screen.action_visit("call")
        await it.until(lambda: it.app.screen is not it.screen)
        call = it.app.screen
        call._is_mounted = False
        key = Key("escape", None)
        key._forwarded = True
        key.set_sender(it.screen)
        assert key.is_forwarded
        await it.app.on_event(key)
        assert it.app.screen is call
