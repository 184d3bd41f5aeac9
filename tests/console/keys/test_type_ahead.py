"""Keys that come faster than the screen follows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

from textual.binding import Binding, BindingType
from textual.events import Key, Paste

from supportdesk.console.keys.type_ahead import (
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
    """Somebody who has the focus; what follows the keys is kept here."""

    def __init__(self, *, is_there: bool = True) -> None:
        self.is_there = is_there
        self.followed: list[KeyHandled] = []

    def post_message(self, message: Any) -> bool:
        if self.is_there:
            self.followed.append(message)
        return self.is_there


@dataclass
class Typist:
    """Presses keys and sees which are handed on."""

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


async def test_a_key_waits_until_the_one_before_it_is_dealt_with() -> None:
    typist = Typist()
    await typist.type("abc")
    assert typist.seen == ["a"]
    await typist.deal()
    assert typist.seen == ["a", "b"]
    await typist.deal()
    assert typist.seen == ["a", "b", "c"]


async def test_keys_go_on_when_the_one_before_went_to_nobody_or_to_somebody_who_has_gone() -> None:
    for holder in (None, Holder(is_there=False)):
        typist = Typist(holder)
        await typist.type("abc")
        assert typist.seen == ["a", "b", "c"]


async def test_a_key_that_nobody_answers_for_is_given_up_after_a_while() -> None:
    typist = Typist()
    await typist.type("ab")
    assert typist.seen == ["a"]
    await typist.later[0]()
    assert typist.seen == ["a", "b"]


async def test_an_answer_for_a_key_that_was_given_up_does_not_let_two_through() -> None:
    typist = Typist()
    await typist.type("abc")
    await typist.later[0]()
    assert typist.holder is not None
    for _ in range(ROUNDS):
        await typist.line.on_handled(typist.holder.followed[0])
    assert typist.seen == ["a", "b"]


async def test_a_key_is_dealt_with_only_when_what_it_gave_rise_to_is_too() -> None:
    typist = Typist()
    await typist.type("ab")
    assert typist.holder is not None
    await typist.line.on_handled(typist.holder.followed[0])
    assert typist.seen == ["a"]
    await typist.line.on_handled(typist.holder.followed[1])
    assert typist.seen == ["a", "b"]


async def test_what_was_typed_for_something_that_did_not_open_is_dropped_until_a_pause() -> None:
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


async def test_a_pause_is_over_when_more_is_typed() -> None:
    typist = Typist(None)
    typist.line.hold().refuse()
    await typist.soon.pop()()
    await typist.type("a")
    await typist.later[0]()
    await typist.type("b")
    assert typist.seen == []


async def test_a_key_that_is_no_letter_counts_at_once_and_so_do_those_after_it() -> None:
    typist = Typist(None)
    typist.line.hold().refuse()
    await typist.soon.pop()()
    await typist.line.put(Key("down", None))
    await typist.type("c")
    assert typist.seen == ["down", "c"]


async def test_nothing_passes_while_something_holds_the_keys_and_their_order_stays() -> None:
    typist = Typist(None)
    first, second = typist.line.hold(), typist.line.hold()
    await typist.type("ab")
    await typist.release(first)
    await typist.release(first)
    assert typist.seen == []
    await typist.type("c")
    await typist.release(second)
    assert typist.seen == ["a", "b", "c"]


async def test_escape_and_a_letter_that_come_at_once_are_two_keys() -> None:
    for key, character, pressed in (
        ("alt+n", "n", ["escape", "n"]),
        ("alt+shift+m", "M", ["escape", "M"]),
        ("n", "n", ["n"]),
        ("alt+left", None, ["alt+left"]),
        ("alt+n", None, ["alt+n"]),
    ):
        assert [each.key for each in split_alt_key(Key(key, character))] == pressed


async def test_whoever_leaves_a_form_in_a_hurry_is_where_the_next_key_belongs() -> None:
    async with running(morning_desk()) as it:
        await it.press("n")
        it.app.post_message(Key("alt+j", "j"))
        await it.rest()
        assert it.app.screen is it.screen


class WithAlt(SerializedKeys):
    """Has a key with Alt, and counts both it and Escape."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("alt+n", "count('alt+n')"),
        Binding("escape", "count('escape')"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.counted: list[str] = []

    def action_count(self, key: str) -> None:
        self.counted.append(key)


async def test_a_letter_with_alt_that_somebody_has_bound_stays_one_key() -> None:
    app = WithAlt()
    async with app.run_test() as pilot:
        app.post_message(Key("alt+n", "n"))
        await pilot.pause()
        app.post_message(Key("alt+m", "m"))
        await pilot.pause()
    assert app.counted == ["alt+n", "escape"]


async def test_a_key_that_comes_back_from_one_screen_does_nothing_on_another_that_is_being_opened() -> None:
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
