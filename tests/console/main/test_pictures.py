"""What the console looks like: on a wide terminal and on the smallest, calm and burning, dark and light."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta
from unittest.mock import patch

import pytest
from textual.pilot import Pilot

from supportdesk.console.app import Console
from supportdesk.console.dialogs.help_screen import HelpScreen
from supportdesk.console.main import ticker
from supportdesk.console.main.screen import MainScreen
from supportdesk.console.messages import StepsOverdue, WatcherSeen
from supportdesk.console.queue.save_view_dialog import SaveViewDialog
from supportdesk.console.theme.builtin import COLOUR_BLIND, CONTRAST, DARK
from supportdesk.console.ticket.tabs import Tab
from supportdesk.console.widgets.overdue_bar import OverdueBar
from supportdesk.heartbeat import Heartbeat
from supportdesk.store.read_models import DueTicket
from supportdesk.tickets.process.closure import Close
from tests.console.fixtures.fake_desk import FakeDesk
from tests.console.fixtures.morning import OPERATOR, calm_desk, empty_desk, morning_desk, night_desk
from tests.console.harness.console import lines
from tests.console.harness.dialog import until
from tests.console.harness.pictures import SIZES, SMALL, THEMES, WIDE, Place, in_every_look

Compare = Callable[..., bool]
Script = Callable[[Pilot[None], FakeDesk], Awaitable[None]]


@pytest.fixture(autouse=True)
def _time_stands_still() -> Iterator[None]:
    with patch.object(ticker, "SECOND", 3600.0):
        yield


async def nothing(pilot: Pilot[None], desk: FakeDesk) -> None:
    """Only looks."""


async def pressed(pilot: Pilot[None], *keys: str) -> None:
    for key in keys:
        await pilot.press(key)
        await pilot.pause()


async def opened(pilot: Pilot[None], desk: FakeDesk) -> None:
    await pressed(pilot, "down", "enter")
    await read(pilot)


def going_to(summary: str) -> Script:
    """Opens the ticket whose summary begins like this."""

    async def go(pilot: Pilot[None], desk: FakeDesk) -> None:
        ref = next(row.ref for row in desk.queue().rows if row.summary.startswith(summary))
        assert screen(pilot).queue.find(ref)
        screen(pilot).queue.focus()
        await pressed(pilot, "enter")
        await read(pilot)

    return go


async def turned_to(pilot: Pilot[None], desk: FakeDesk, tab: Tab) -> None:
    await opened(pilot, desk)
    for _ in Tab:
        if screen(pilot).ticket_pane.tab is not tab:
            await pressed(pilot, "right")
    assert screen(pilot).ticket_pane.tab is tab


async def clocks(pilot: Pilot[None], desk: FakeDesk) -> None:
    await turned_to(pilot, desk, Tab.CLOCKS)
    await until(pilot, lambda: "Loading" not in " ".join(lines(screen(pilot).ticket_pane)))
    await pilot.pause()


async def customer(pilot: Pilot[None], desk: FakeDesk) -> None:
    await turned_to(pilot, desk, Tab.CUSTOMER)


async def filtered(pilot: Pilot[None], desk: FakeDesk) -> None:
    await pressed(pilot, "slash", *"acme")


async def found_nothing(pilot: Pilot[None], desk: FakeDesk) -> None:
    await pressed(pilot, "slash", *"no such words")


async def completing(pilot: Pilot[None], desk: FakeDesk) -> None:
    await pressed(pilot, "slash", *"-severity:low owner:", "down")


async def mistaken(pilot: Pilot[None], desk: FakeDesk) -> None:
    await pressed(pilot, "slash", *"severity:high sevrity:critical")


async def seeking(pilot: Pilot[None], desk: FakeDesk) -> None:
    await pressed(pilot, "apostrophe", *"export")


async def naming(pilot: Pilot[None], desk: FakeDesk) -> None:
    await pressed(pilot, "slash", *"sev:high -owner:me", "f6", *"Mine")


async def own_view(pilot: Pilot[None], desk: FakeDesk) -> None:
    await pressed(pilot, "slash", *"sev:high -owner:me", "f6", *"Others", "enter")
    await until(pilot, lambda: bool(pilot.app._notifications))
    pilot.app.clear_notifications()


async def asking_for_help(pilot: Pilot[None], desk: FakeDesk) -> None:
    await pressed(pilot, "slash", "f1")


async def folded(pilot: Pilot[None], desk: FakeDesk) -> None:
    await pressed(pilot, "3", "left", "2")


async def resolved(pilot: Pilot[None], desk: FakeDesk) -> None:
    await pressed(pilot, "V")


async def refused(pilot: Pilot[None], desk: FakeDesk) -> None:
    await pressed(pilot, "c")
    await until(pilot, lambda: bool(screen(pilot).foot.message))


async def lost(pilot: Pilot[None], desk: FakeDesk) -> None:
    desk.outage = "The database does not answer; it is tried again."
    await until(pilot, lambda: screen(pilot).queue.stale)


def screen(pilot: Pilot[None]) -> MainScreen:
    console = pilot.app
    assert isinstance(console, Console)
    assert console.queue_screen is not None
    return console.queue_screen


async def unwatched(pilot: Pilot[None], desk: FakeDesk) -> None:
    """Nobody has watched for some time, and a page is overdue."""
    login = next(row for row in desk.queue().rows if row.summary.startswith("Nobody can log in"))
    now, main = desk.now(), screen(pilot)
    seen = now - timedelta(seconds=40)
    main.post_message(WatcherSeen(Heartbeat("pg-main", 7, "a", seen, seen, beat=1), now))
    main.post_message(StepsOverdue((DueTicket(login.ref, now - timedelta(minutes=1)),)))
    await until(pilot, lambda: OverdueBar.on(main) is not None)
    await pilot.pause()


async def read(pilot: Pilot[None]) -> None:
    """Until the ticket that is looked at has been read."""

    def is_read() -> bool:
        looked_at = screen(pilot).ticket_pane.context
        return looked_at is None or looked_at.view is not None

    await until(pilot, is_read)
    await pilot.pause()


def taken(
    compare: Compare,
    desk: FakeDesk,
    script: Script,
    size: tuple[int, int],
    *,
    theme: str = DARK.name,
    username: str = OPERATOR,
) -> bool:
    """Whether the console looks as it did when its desk is open and a script has been played."""
    console = Console(lambda: desk, username=username, name="desk@pg-main")

    async def play(pilot: Pilot[None]) -> None:
        console.theme = theme
        await until(
            pilot, lambda: console.queue_screen is not None and console.queue_screen.session is not None
        )
        await read(pilot)
        await script(pilot, desk)
        await read(pilot)

    return compare(console, terminal_size=size, run_before=play)


SCENES: dict[str, tuple[Place, Callable[[], FakeDesk], Script]] = {
    "queue": (MainScreen, morning_desk, nothing),
    "ticket": (MainScreen, morning_desk, opened),
    "clocks": (MainScreen, morning_desk, clocks),
    "customer": (MainScreen, morning_desk, customer),
    "night": (MainScreen, night_desk, nothing),
    "empty": (MainScreen, empty_desk, nothing),
    "stale": (MainScreen, morning_desk, lost),
    "refused": (MainScreen, morning_desk, refused),
    "filter": (MainScreen, morning_desk, filtered),
    "folded": (MainScreen, morning_desk, folded),
    "unwatched": (MainScreen, morning_desk, unwatched),
}
FILTERS: dict[str, tuple[Place, Script]] = {
    "completing": (MainScreen, completing),
    "mistaken": (MainScreen, mistaken),
    "seeking": (MainScreen, seeking),
    "naming": (SaveViewDialog, naming),
    "own_view": (MainScreen, own_view),
    "asking_for_help": (HelpScreen, asking_for_help),
}


@in_every_look(SCENES)
def test_the_console_looks_as_it_did(
    picture: str, size: tuple[int, int], theme: str, snap_compare: Compare
) -> None:
    _, opening, script = SCENES[picture]
    assert taken(snap_compare, opening(), script, size, theme=theme)


@in_every_look(FILTERS)
def test_a_filter_that_is_typed_looks_as_it_did(
    picture: str, size: tuple[int, int], theme: str, snap_compare: Compare
) -> None:
    assert taken(snap_compare, morning_desk(), FILTERS[picture][1], size, theme=theme)


@pytest.mark.parametrize("theme", [CONTRAST.name, COLOUR_BLIND.name, "nord"])
def test_the_console_looks_as_it_did_in_other_colours(theme: str, snap_compare: Compare) -> None:
    assert taken(snap_compare, morning_desk(), nothing, WIDE, theme=theme)


@pytest.mark.parametrize(
    ("name", "opening", "script"),
    [
        ("calm", calm_desk, nothing),
        ("resolved", morning_desk, resolved),
        ("found-nothing", morning_desk, found_nothing),
    ],
)
def test_the_rest_of_the_console_looks_as_it_did(
    name: str, opening: Callable[[], FakeDesk], script: Script, snap_compare: Compare
) -> None:
    assert taken(snap_compare, opening(), script, WIDE)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("summary", ["Nobody can log in", "Delivery notes", "Invoice totals", "Wrong total"])
def test_a_ticket_looks_as_it_did(summary: str, size: str, snap_compare: Compare) -> None:
    assert taken(snap_compare, morning_desk(), going_to(summary), SIZES[size])


@pytest.mark.parametrize("size", SIZES)
def test_a_closed_ticket_looks_as_it_did(size: str, snap_compare: Compare) -> None:
    desk = morning_desk()
    ref = next(row.ref for row in desk.queue().rows if row.summary.startswith("Payments file"))
    desk.do_as("ann", Close(ref, "confirmed", "Bill rang: all is paid."))

    async def found(pilot: Pilot[None], desk: FakeDesk) -> None:
        await pressed(pilot, "slash", *ref.replace("-", "").lower(), "enter")
        await until(pilot, lambda: screen(pilot).focused is screen(pilot).ticket_pane)

    assert taken(snap_compare, desk, found, SIZES[size])


@pytest.mark.parametrize("scene", ["queue", "ticket"])
def test_without_colours_all_of_the_smallest_screen_can_be_told(
    scene: str, snap_compare: Compare, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert taken(snap_compare, morning_desk(), SCENES[scene][2], SMALL)


def test_without_colours_everything_can_still_be_told(
    snap_compare: Compare, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert taken(snap_compare, morning_desk(), nothing, WIDE)


@pytest.mark.parametrize("theme", THEMES)
def test_a_terminal_that_is_too_small_says_what_it_needs(theme: str, snap_compare: Compare) -> None:
    assert taken(snap_compare, morning_desk(), nothing, (56, 14), theme=theme)
