"""The texts of the header, and which of them are left out on a narrow screen."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from rich.cells import cell_len
from textual.app import App, ComposeResult

from supportdesk.console.main import header_data
from supportdesk.console.main.header import DeskHeader
from supportdesk.console.main.header_data import HeaderData
from supportdesk.console.text import desk_status
from supportdesk.console.widgets.view_tabs import MARK, tabs_that_fit
from supportdesk.playback import PlaybackClock, PlaybackControls
from supportdesk.sla.policy import Rung
from supportdesk.store.read_models import Roster
from supportdesk.tickets.decision_context import CaseRecords
from supportdesk.tickets.rota.duty import Duty
from tests.console.fixtures.fake_desk import claritum
from tests.console.fixtures.morning import NOW, STAFF

LONDON = "Europe/London"
TOLD = HeaderData(
    desk="desk@a-server-with-a-long-name",
    operator="Ann Lee",
    office="Office open until 18:00 GMT",
    on_call="on call Priya N. until Mon 08:00",
    counts=(("breached", 2), ("at risk", 1), ("due soon", 4), ("open", 47)),
    views=(("All open", 47), ("Unassigned", 9), ("Mine", 6), ("At risk or breached", 3), ("Resolved", 12)),
    view="All open",
    clock="Tue 24 Nov 09:42 GMT",
)


@pytest.mark.parametrize(
    ("now", "told"),
    [
        (NOW, "Office open until 18:00 GMT"),
        (NOW.replace(hour=18), "Office closed until Wed 08:00 GMT"),
        (NOW.replace(hour=7, minute=59), "Office closed until 08:00 GMT"),
        (datetime(2026, 12, 24, 18, 30, tzinfo=UTC), "Office closed until Tue 08:00 GMT"),
        (datetime(2026, 7, 3, 12, tzinfo=UTC), "Office open until 18:00 BST"),
    ],
)
def test_the_header_says_when_the_office_closes_or_opens(now: datetime, told: str) -> None:
    assert desk_status.office_status(claritum(), now, LONDON) == told


def test_the_header_says_who_is_on_call_and_until_when_or_that_nobody_is() -> None:
    priya = next(each for each in STAFF if each.username == "priya")
    shift = Duty(priya, NOW, NOW + timedelta(days=5, hours=22, minutes=18))
    manager = Duty(priya, None, None, Rung("support-manager", "Support Manager"))
    data = CaseRecords()
    assert desk_status.on_call(Roster(STAFF, (), data, shift), LONDON) == "on call Priya N. until Mon 08:00"
    assert (
        desk_status.on_call(Roster(STAFF, (), data, manager), LONDON)
        == "nobody on call, last resort Priya N."
    )
    assert desk_status.on_call(Roster.at(NOW, data, ()), LONDON) == "nobody on call"


def test_a_replay_shows_its_time_and_its_speed() -> None:
    clock = PlaybackClock(NOW, NOW + timedelta(hours=1), speed=600, monotonic=lambda: 0.0)
    controls = cast(PlaybackControls, clock)
    assert header_data.playback_pace(clock.now(), controls) == "600×"
    clock.pause()
    assert header_data.playback_pace(clock.now(), controls) == "paused, 600×"
    clock.seek(NOW + timedelta(hours=2))
    assert header_data.playback_pace(clock.now(), controls) == "ended"


class Hall(App[None]):
    """A header alone."""

    CSS = "DeskHeader { height: 3; }"

    def compose(self) -> ComposeResult:
        yield DeskHeader()


async def drawn(told: HeaderData, width: int) -> list[str]:
    hall = Hall()
    async with hall.run_test(size=(width, 5)) as pilot:
        header = hall.query_one(DeskHeader)
        header.data = told
        await pilot.pause()
        lines = [header.render_line(y) for y in range(3)]
        assert all(cell_len(line.text) == width for line in lines)
        return [line.text.strip() for line in lines]


async def test_a_wide_header_has_every_part_in_full() -> None:
    first, second, third = await drawn(TOLD, 160)
    assert first.startswith("supportdesk   desk@a-server-with-a-long-name")
    assert first.endswith("Ann Lee")
    assert "Office open until 18:00 GMT · on call Priya N. until Mon 08:00" in first
    assert " ".join(second.split()) == "2 breached 1 at risk 4 due soon 47 open Tue 24 Nov 09:42 GMT"
    assert " ".join(third.split()) == "All open 47 Unassigned 9 Mine 6 At risk or breached 3 Resolved 12"


async def test_a_narrow_header_shortens_the_least_important_parts() -> None:
    first, second, third = await drawn(TOLD, 80)
    assert first.split("  ")[0] == "supportdesk"
    assert "  Open until 18:00 GMT · on call Priya N.  " in first
    assert second.split("  ")[0] == "2 breached"
    assert second.endswith("Tue 24 Nov 09:42 GMT")
    assert third.startswith("All open 47")


async def test_where_not_all_views_fit_the_selected_one_is_shown_with_its_neighbours() -> None:
    many = replace(TOLD, views=tuple((f"View number {n}", n) for n in range(9)))
    thirds = [(await drawn(replace(many, view=f"View number {n}"), 80))[2] for n in (0, 4, 8)]
    assert [" ".join(third.split()) for third in thirds] == [
        "View number 0 0 View number 1 1 View number 2 2 View number 3 3 ›",
        "‹ View number 3 3 View number 4 4 View number 5 5 View number 6 6 ›",
        "‹ View number 5 5 View number 6 6 View number 7 7 View number 8 8",
    ]


@given(st.lists(st.integers(4, 30), min_size=1, max_size=14), st.data(), st.integers(34, 200))
def test_as_many_views_are_shown_as_fit_and_always_the_selected_one(
    widths: list[int], data: st.DataObject, room: int
) -> None:
    chosen = data.draw(st.integers(0, len(widths) - 1))
    shown = tabs_that_fit(widths, chosen, room)
    signs = MARK * ((shown.start > 0) + (shown.stop < len(widths)))
    assert chosen in shown
    assert sum(widths[place] for place in shown) + signs <= room
    for more in (shown.start - 1, shown.stop):
        if 0 <= more < len(widths):
            assert sum(widths[place] for place in shown) + widths[more] + 2 * MARK > room


async def test_the_smallest_header_shows_counts_and_office_hours() -> None:
    first, second, _ = await drawn(TOLD, 60)
    assert "pen until 18:00 GMT" in first
    assert second.startswith("2 breached   1 at risk   4 due soon   47 open")


async def test_a_stale_desk_shows_since_when_in_place_of_the_office_hours() -> None:
    first, _, _ = await drawn(replace(TOLD, stale="stale since 12:03 GMT"), 160)
    assert "stale since 12:03 GMT" in first
    assert "Office" not in first


async def test_a_replay_is_marked_and_shows_its_own_time() -> None:
    first, second, _ = await drawn(replace(TOLD, replay="Tue 1 Mar 2016 08:00 GMT", pace="600×"), 160)
    assert "REPLAY" in first
    assert second.endswith("Tue 1 Mar 2016 08:00 GMT  600×")
