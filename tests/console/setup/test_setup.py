"""The set-up at the first start: its pages, and that nothing is created before the last one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest
from textual import events
from textual.pilot import Pilot
from textual.widgets import Static

from supportdesk.console.setup.app import SetupApp
from supportdesk.console.setup.backend import NewDesk, SetupResult
from supportdesk.console.setup.page import SetupPage
from supportdesk.console.setup.pages import CustomerPage, DonePage, OperatorPage, WelcomePage
from tests.console.harness.dialog import until
from tests.console.harness.pictures import Place, in_every_look

Compare = Callable[..., bool]
PLACE = "/home/ann/.local/share/supportdesk/desk.db"


@dataclass
class Means:
    """A backend for the set-up: `made` are the created desks, `fault` is why none can be created."""

    fault: str | None = None
    made: list[NewDesk] = field(default_factory=list)
    address: str = PLACE
    name: str = "Ann Lee"
    teams: tuple[tuple[str, str], ...] = (
        ("user-support", "User Support"),
        ("technical-support", "Technical Support"),
        ("development", "Development"),
    )

    def telephone_fault(self, number: str) -> str | None:
        return None if number.isdigit() else f"{number} is not a telephone number"

    def fault_of(self, path: str) -> str | None:
        return None if path == "/srv/desk.db" else f"There is no desk at {path}."

    def create(self, plan: NewDesk) -> str | None:
        if self.fault is None:
            self.made.append(plan)
        return self.fault


@asynccontextmanager
async def set_up(means: Means) -> AsyncIterator[Pilot[None]]:
    app = SetupApp(means)
    async with app.run_test(size=(100, 40)) as pilot:
        await at(pilot, WelcomePage)
        yield pilot


def start(pilot: Pilot[None]) -> SetupResult | None:
    assert isinstance(pilot.app, SetupApp)
    return pilot.app.start


async def at(pilot: Pilot[None], page: type[SetupPage]) -> None:
    await until(pilot, lambda: isinstance(pilot.app.screen, page) and pilot.app.screen.ready.is_set())


async def ended(pilot: Pilot[None]) -> SetupResult | None:
    await until(pilot, lambda: pilot.app._exit)
    return start(pilot)


def refused(pilot: Pilot[None]) -> str:
    return "".join(str(each.render()) for each in pilot.app.screen.query(".status.refused").results(Static))


async def test_enter_alone_creates_a_new_desk() -> None:
    means = Means()
    async with set_up(means) as pilot:
        await pilot.press("enter")
        await at(pilot, OperatorPage)
        await pilot.press("enter", "enter", "enter")
        await at(pilot, CustomerPage)
        assert means.made == []
        await pilot.press("f2")
        await at(pilot, DonePage)
        assert means.made == [NewDesk("Ann Lee", "user-support")]
        await pilot.press("enter")
        assert await ended(pilot) == SetupResult(PLACE)


async def test_the_values_of_all_pages_are_in_the_new_desk() -> None:
    means = Means()
    async with set_up(means) as pilot:
        await pilot.press("enter")
        await at(pilot, OperatorPage)
        await pilot.press("tab", "down", "tab", *"0113")
        await pilot.press("f2")
        await at(pilot, CustomerPage)
        await pilot.press(*"Acme", "tab", *"Jo", "tab", *"0114", "tab", "left", "f2")
        await at(pilot, DonePage)
        assert means.made == [NewDesk("Ann Lee", "technical-support", "0113", "Acme", "Jo", False, "0114")]


async def test_a_number_that_cannot_be_valid_keeps_the_page_open_and_says_why() -> None:
    means = Means()
    async with set_up(means) as pilot:
        await pilot.press("enter")
        await at(pilot, OperatorPage)
        await pilot.press("tab", "tab", *"abc", "f2")
        await until(pilot, lambda: bool(pilot.app.screen.query("#telephone .field-note.wrong")))
        note = pilot.app.screen.query_one("#telephone .field-note", Static)
        assert str(note.render()) == "abc is not a telephone number"
        assert isinstance(pilot.app.screen, OperatorPage)


async def test_typing_replaces_the_name_from_the_operating_system() -> None:
    means = Means(name="root")
    async with set_up(means) as pilot:
        await pilot.press("enter")
        await at(pilot, OperatorPage)
        await pilot.press(*"Kim", "f2")
        await at(pilot, CustomerPage)
        await pilot.press("escape")
        await at(pilot, OperatorPage)
        await pilot.press("end", *"ber", "f2")
        await at(pilot, CustomerPage)
        await pilot.press("f2")
        await at(pilot, DonePage)
        assert [plan.name for plan in means.made] == ["Kimber"], "what one has typed oneself stays"


async def test_escape_goes_back_keeping_the_values_and_quits_on_the_first_page() -> None:
    means = Means()
    async with set_up(means) as pilot:
        await pilot.press("enter")
        await at(pilot, OperatorPage)
        await pilot.press(*" jr", "f2")
        await at(pilot, CustomerPage)
        await pilot.press(*"Acme", "escape")
        await at(pilot, OperatorPage)
        await pilot.press("f2")
        await at(pilot, CustomerPage)
        await pilot.press("escape")
        await at(pilot, OperatorPage)
        await pilot.press("escape")
        await at(pilot, WelcomePage)
        await pilot.press("escape")
        assert await ended(pilot) is None
        assert means.made == []


async def test_a_desk_that_cannot_be_created_is_reported_on_the_page() -> None:
    means = Means(fault="/home/ann cannot be written: Permission denied.")
    async with set_up(means) as pilot:
        await pilot.press("enter")
        await at(pilot, OperatorPage)
        await pilot.press("f2")
        await at(pilot, CustomerPage)
        await pilot.press("f2")
        await until(pilot, lambda: "Permission denied" in refused(pilot))
        means.fault = None
        await pilot.press("f2")
        await at(pilot, DonePage)


async def test_a_contact_without_a_company_is_refused() -> None:
    async with set_up(Means()) as pilot:
        await pilot.press("enter")
        await at(pilot, OperatorPage)
        await pilot.press("f2")
        await at(pilot, CustomerPage)
        await pilot.press("tab", *"Jo", "f2")
        await until(pilot, lambda: "Name the company of Jo" in refused(pilot))


async def test_a_name_is_required() -> None:
    means = Means(name="")
    async with set_up(means) as pilot:
        await pilot.press("enter")
        await at(pilot, OperatorPage)
        await pilot.press("f2")
        await pilot.pause()
        assert isinstance(pilot.app.screen, OperatorPage)


async def test_the_demo_is_one_choice_away() -> None:
    async with set_up(Means()) as pilot:
        await pilot.press("down", "enter")
        assert await ended(pilot) == SetupResult(demo=True)


async def test_another_file_is_opened_once_there_is_a_desk_in_it() -> None:
    async with set_up(Means()) as pilot:
        await pilot.press("up", "enter", *"/nowhere", "enter")
        await until(pilot, lambda: refused(pilot) == "There is no desk at /nowhere.")
        await pilot.press(*(["backspace"] * 8), *"/srv/desk.db", "enter")
        assert await ended(pilot) == SetupResult("/srv/desk.db")


async def welcome(pilot: Pilot[None]) -> None:
    await at(pilot, WelcomePage)
    await pilot.press("up")
    await pilot.pause()


async def you(pilot: Pilot[None]) -> None:
    await at(pilot, WelcomePage)
    await pilot.press("enter")
    await at(pilot, OperatorPage)


async def customer(pilot: Pilot[None]) -> None:
    await you(pilot)
    await pilot.press("f2")
    await at(pilot, CustomerPage)
    await pilot.press("tab", *"Jo", "f2")
    await until(pilot, lambda: bool(refused(pilot)))


async def ready(pilot: Pilot[None]) -> None:
    await you(pilot)
    await pilot.press("f2")
    await at(pilot, CustomerPage)
    await pilot.press("f2")
    await at(pilot, DonePage)


PICTURES: dict[str, tuple[Place, Callable[[Pilot[None]], Awaitable[None]]]] = {
    "welcome": (WelcomePage, welcome),
    "you": (OperatorPage, you),
    "customer": (CustomerPage, customer),
    "ready": (DonePage, ready),
}


@in_every_look(PICTURES)
def test_the_set_up_looks_as_it_did(
    picture: str, size: tuple[int, int], theme: str, snap_compare: Compare, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEXTUAL_THEME", theme)
    assert snap_compare(SetupApp(Means()), terminal_size=size, run_before=PICTURES[picture][1])


async def test_keys_typed_ahead_wait_for_the_page() -> None:
    app = SetupApp(Means())
    async with app.run_test(size=(100, 40)) as pilot:
        page = WelcomePage(app._backend, {})
        shown = asyncio.ensure_future(app._ask(page))
        await asyncio.sleep(0)
        assert not page.is_mounted
        app.post_message(events.Key("f2", None))
        await until(pilot, lambda: page.is_left)
        assert "desk" in (await shown or {})
