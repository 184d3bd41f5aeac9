"""A search field picks only what the operator meant, however fast they type."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Input

from supportdesk.console.forms.search_field import SearchField
from supportdesk.console.forms.suggestion_list import SuggestionList
from supportdesk.console.search.candidate import Candidate, Find, NoMatchError
from supportdesk.desk_api import DeskUnavailableError
from tests.console.harness.dialog import Shown, keys, typed, until
from tests.event_loop import Gate

FRUIT = [
    Candidate(name.lower(), name, f"a {name.lower()}") for name in ("Apple", "Apricot", "Banana", "Cherry")
]


def fruit(text: str) -> list[Candidate]:
    return [each for each in FRUIT if each.name.lower().startswith(text.lower())]


class Market(App[None]):
    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "enter", priority=True)]

    def __init__(self, find: Find, *, blocking: bool = False, value: Candidate | None = None) -> None:
        super().__init__()
        self.field = SearchField(
            "fruit",
            "which fruit",
            find,
            blocking=blocking,
            value=value,
            required=True,
            if_none="no fruit is called {}",
        )
        self.gone_on = 0

    def compose(self) -> ComposeResult:
        yield self.field
        yield Input(id="next")

    def on_mount(self) -> None:
        self.field.take_focus()

    async def action_enter(self) -> None:
        if not self.field._search.blocking:
            await self.field.settle()
        if not self.field.accept():
            self.gone_on += 1


def market(pilot: Shown) -> Market:
    assert isinstance(pilot.app, Market)
    return pilot.app


def offered(pilot: Shown) -> list[str]:
    return [each.name for each in pilot.app.query_one(SuggestionList).found]


def note(pilot: Shown) -> str:
    return market(pilot).field._shown_note[0].plain


async def test_before_typing_all_results_are_shown_and_none_is_picked() -> None:
    async with Market(fruit).run_test() as pilot:
        await pilot.pause()
        assert offered(pilot) == ["Apple", "Apricot", "Banana", "Cherry"]
        await keys(pilot, "enter")
        assert market(pilot).field.picked is None
        assert market(pilot).gone_on == 1
        assert market(pilot).field.problem == "required: which fruit"


async def test_enter_picks_the_first_result_and_a_second_enter_moves_on() -> None:
    async with Market(fruit).run_test() as pilot:
        await typed(pilot, "ap")
        await keys(pilot, "enter")
        assert (market(pilot).field.value, market(pilot).gone_on) == ("apple", 0)
        assert note(pilot) == "a apple"
        assert offered(pilot) == []
        await keys(pilot, "enter")
        assert market(pilot).gone_on == 1


async def test_arrows_wrap_around_and_enter_picks_the_marked_result() -> None:
    async with Market(fruit).run_test() as pilot:
        await keys(pilot, "up", "enter")
        assert market(pilot).field.value == "cherry"
        await keys(pilot, *["backspace"] * 6, "down", "down", "enter")
        assert market(pilot).field.value == "apricot"


async def test_leaving_picks_the_marked_result() -> None:
    async with Market(fruit).run_test() as pilot:
        await typed(pilot, "b")
        await keys(pilot, "tab")
        assert market(pilot).field.value == "banana"


async def test_leaving_picks_a_result_that_was_marked_by_arrows_alone() -> None:
    async with Market(fruit).run_test() as pilot:
        await keys(pilot, "down", "down", "tab")
        assert market(pilot).field.value == "apricot"


async def test_further_typing_clears_the_picked_result() -> None:
    async with Market(fruit, value=FRUIT[0]).run_test() as pilot:
        assert note(pilot) == "a apple"
        await keys(pilot, "backspace")
        assert market(pilot).field.picked is None
        assert market(pilot).field.problem == "choose one with the arrows and enter, or clear it"


async def test_a_text_without_matches_is_reported() -> None:
    async with Market(fruit).run_test() as pilot:
        await typed(pilot, "zz")
        assert note(pilot) == "no fruit is called zz"
        await keys(pilot, "tab")
        assert market(pilot).field.value == ""


async def test_a_new_record_is_picked_by_enter_only_and_never_by_leaving() -> None:
    def or_new(text: str) -> list[Candidate]:
        return [Candidate(text, text, "new", new=True)] if text else []

    async with Market(or_new).run_test() as pilot:
        await typed(pilot, "kiwi")
        await keys(pilot, "tab")
        assert market(pilot).field.picked is None
        await keys(pilot, "shift+tab", "enter")
        picked = market(pilot).field.picked
        assert picked is not None
        assert picked.new


class SlowMarket:
    """A search that answers only when it is let."""

    def __init__(self) -> None:
        self.let = Gate()
        self.asked: list[str] = []

    def find(self, text: str) -> Sequence[Candidate]:
        self.asked.append(text)
        self.let.wait()
        return fruit(text)


async def test_enter_before_the_answer_picks_the_first_result_of_the_answer() -> None:
    slow = SlowMarket()
    async with Market(slow.find, blocking=True).run_test() as pilot:
        await pilot.press("b", "enter")
        assert market(pilot).field.picked is None
        slow.let.open()
        await until(pilot, lambda: market(pilot).field.value == "banana")
        assert market(pilot).gone_on == 0


async def test_leaving_before_the_answer_picks_the_first_result_of_the_answer() -> None:
    slow = SlowMarket()
    async with Market(slow.find, blocking=True).run_test() as pilot:
        await pilot.press("c", "tab")
        slow.let.open()
        await until(pilot, lambda: market(pilot).field.value == "cherry")


async def test_an_answer_to_an_earlier_text_is_not_shown() -> None:
    slow = SlowMarket()
    async with Market(slow.find, blocking=True).run_test() as pilot:
        await pilot.press("a")
        await until(pilot, lambda: "a" in slow.asked)
        await pilot.press("backspace", "b")
        await until(pilot, lambda: "b" in slow.asked)
        slow.let.open()
        await until(pilot, lambda: offered(pilot) == ["Banana"])


async def test_a_failed_search_is_reported_and_the_next_one_may_succeed() -> None:
    away = [True]

    def find(text: str) -> list[Candidate]:
        if away[0]:
            raise DeskUnavailableError("the desk is out of reach")
        return fruit(text)

    async with Market(find, blocking=True).run_test() as pilot:
        await typed(pilot, "b")
        assert note(pilot) == "the desk is out of reach"
        away[0] = False
        await typed(pilot, "a")
        assert offered(pilot) == ["Banana"]


async def test_the_text_and_the_picked_result_are_restored() -> None:
    async with Market(fruit).run_test() as pilot:
        await typed(pilot, "b")
        await keys(pilot, "enter")
        kept = market(pilot).field.raw_value
        market(pilot).field.clear()
        assert market(pilot).field.value == ""
        market(pilot).field.restore(kept)
        assert market(pilot).field.value == "banana"
        market(pilot).field.restore(("che", None))
        assert (market(pilot).field.value, market(pilot).field.text) == ("", "che")


async def test_the_reason_for_finding_nothing_is_shown() -> None:
    def nothing(text: str) -> list[Candidate]:
        raise NoMatchError("the season is over")

    async with Market(nothing, blocking=True).run_test() as pilot:
        await typed(pilot, "ap")
        await until(pilot, lambda: note(pilot) == "the season is over")
        assert offered(pilot) == []
