"""A supervisor's day: what is about to breach, who has too much, many tickets at once, and the month's figures."""

from pathlib import Path

import pytest

from supportdesk.clock import FixedClock
from supportdesk.desk import Desk
from supportdesk.settings.files import SettingsFiles
from supportdesk.tickets.process.conversation import Note
from tests.days.at_the_desk import MORNING, at_the_desk, reference_of

pytestmark = pytest.mark.xdist_group("days")

BURNING = "Nobody can log in"
SIZES = [(160, 50), (80, 24)]


@pytest.mark.parametrize("size", SIZES)
async def test_every_view_is_a_key_away_and_holds_what_its_count_says(
    address: str, size: tuple[int, int]
) -> None:
    async with at_the_desk(address, "karen", size) as karen:
        await karen.sees("All open 60")
        for told in ("Unassigned 23", "Mine 0", "My team 38", "At risk or breached 13", "On hold 11"):
            await karen.press("v")
            await karen.sees(told)
            shown = sum(" CD-" in line.partition("│")[0] for line in karen.lines)
            assert shown == int(told.rsplit(" ", 1)[1]) or size == (80, 24)


async def test_a_filter_narrows_says_where_it_is_wrong_and_keeps_the_view(address: str) -> None:
    async with at_the_desk(address, "karen") as karen:
        await karen.press("slash")
        await karen.type("severity:high state:breached owner:none")
        await karen.sees("2 of 60", "Order history takes a minute", "Stock figures do not arrive")
        await karen.sees_no_more("Price list import rejects")
        await karen.type(" sevrity:low")
        await karen.sees("severity", "Order history takes a minute", "Stock figures do not arrive")
        await karen.sees_no_more("Price list import rejects")
        await karen.press("escape")
        await karen.sees("Price list import rejects")


async def test_several_are_assigned_at_once_and_each_says_how_it_went(address: str) -> None:
    async with at_the_desk(address, "karen") as karen:
        await karen.press("slash")
        await karen.type("severity:high state:breached owner:none")
        await karen.sees("2 of 60")
        await karen.press("enter", "M")
        await karen.sees("2 marked")
        await karen.press("a")
        await karen.sees("Assign: 2 tickets")
        await karen.type("grace")
        await karen.press("enter", "f2")
        await karen.sees("2 tickets assigned")
        await karen.press("escape", "v")
        await karen.sees("Unassigned 21")


async def test_what_is_refused_for_some_is_said_for_each_and_they_stay_marked(address: str) -> None:
    async with at_the_desk(address, "ann") as ann:
        await ann.press("slash")
        await ann.type("severity:critical state:breached,risk")
        await ann.sees("2 of 60")
        await ann.press("enter", "M")
        await ann.sees("2 marked")
        await ann.press("c")
        await ann.sees(BURNING, "Priya Nair claimed it 8 h ago", "1 of 2 will be refused")
        await ann.press("enter")
        await ann.sees("Priya Nair claimed it 8 h ago", "claimed it")
        await ann.press("escape")
        await ann.sees("1 of 2 tickets claimed; 1 ticket still marked", "✖ ● -0:15:29", "▲ 0:04:47")


async def test_from_a_figure_of_the_board_to_the_tickets_behind_it_and_back(address: str) -> None:
    async with at_the_desk(address, "karen") as karen:
        await karen.press("b")
        await karen.sees("ATTAINMENT, NOVEMBER", "BREACHING SOON", "LOAD BY PERSON", "OPEN TICKETS BY AGE")
        await karen.press("down")
        await karen.sees("Open now and breached")
        await karen.press("enter")
        await karen.sees("Open now and breached 7", BURNING, "PDF preview is blank")
        await karen.press("escape")
        await karen.sees("ATTAINMENT, NOVEMBER")
        await karen.press("escape")
        await karen.sees("CRITICAL")


async def test_the_board_follows_what_happens(address: str) -> None:
    async with at_the_desk(address, "karen") as karen:
        await karen.press("b")
        await karen.sees("6 at risk")
        await karen.later(minutes=5)
        await karen.sees("8 breached")


async def test_what_a_colleague_does_is_seen_at_once(address: str) -> None:
    async with at_the_desk(address, "karen") as karen:
        await karen.sees(BURNING)
        colleague = Desk.open(address, FixedClock(MORNING))
        try:
            colleague.do(Note(reference_of(address, BURNING), "The disk is being cleared."), by="priya")
        finally:
            colleague.close()
        await karen.sees("The disk is being cleared.")


async def test_an_own_view_stands_beside_the_others(address: str, tmp_path: Path) -> None:
    files = SettingsFiles(tmp_path / "config.toml", tmp_path / "console.toml")
    files.config.write_text('[[views]]\nname = "Calder"\nfilter = "org:calder severity:high"\n')
    async with at_the_desk(address, "karen", files=files) as karen:
        await karen.sees("Calder 2")
