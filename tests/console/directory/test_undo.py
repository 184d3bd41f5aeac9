"""`u` in the directory: the operator's last change to a record is undone, after a question that says what it was."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path
from typing import cast

from textual.widgets import Static

from supportdesk.clock import FixedClock
from supportdesk.console.dialogs.confirm import Confirm
from supportdesk.console.directory.screen import DirectoryScreen
from supportdesk.desk import Desk
from supportdesk.tickets.documents import Release
from supportdesk.tickets.process.resolution import PromiseFix
from supportdesk.tickets.records.commands import SaveRelease
from tests.console.fixtures.fake_desk import FakeDesk
from tests.console.harness.console import Running, lines, running
from tests.store.desks import done, furnished_desk, logged
from tests.tickets.scenario import MONDAY_NINE

LATER = date(2026, 12, 16)


@asynccontextmanager
async def directory(desk: Desk, username: str = "sue") -> AsyncIterator[Running]:
    """The directory of a desk with a database, opened by key."""
    fake = cast(FakeDesk, desk)
    async with running(fake, connect=lambda: desk, username=username) as it:
        await it.pilot.press("D")
        await it.until(lambda: isinstance(it.app.screen, DirectoryScreen))
        screen = it.app.screen
        assert isinstance(screen, DirectoryScreen)
        await it.until(screen.ready.is_set)
        yield it


def said(it: Running) -> str:
    screen = it.app.screen
    return "".join(lines(screen.foot)) if isinstance(screen, DirectoryScreen) else ""


def release(desk: Desk) -> date:
    return next(each.day for each in desk.roster().releases if each.key == "2026.12")


def moved(desk: Desk) -> str:
    """A ticket whose fix date has moved with its release."""
    ref = logged(desk, severity="medium")
    done(desk, PromiseFix(ref, "2026.12"))
    done(desk, SaveRelease(Release("2026.12", LATER)), by="sue")
    return ref


async def test_the_question_describes_the_change_and_the_release_moves_back(tmp_path: Path) -> None:
    with furnished_desk(tmp_path, FixedClock(MONDAY_NINE)) as desk:
        ref = moved(desk)
        async with directory(desk) as it:
            await it.pilot.press("u")
            await it.until(lambda: isinstance(it.app.screen, Confirm))
            asked = " ".join(str(each.render()) for each in it.app.screen.query(Static))
            assert "You changed release 2026.12: date from 9 Dec 2026 to 16 Dec 2026" in asked
            assert f"It also changed 1 ticket, where the undo will be recorded: {ref}" in asked
            assert release(desk) == LATER
            await it.pilot.press("y")
            await it.until(lambda: "Undone: changed release 2026.12" in said(it))
            assert release(desk) == date(2026, 12, 9)


async def test_nothing_is_undone_without_confirmation(tmp_path: Path) -> None:
    with furnished_desk(tmp_path, FixedClock(MONDAY_NINE)) as desk:
        moved(desk)
        async with directory(desk) as it:
            await it.pilot.press("u")
            await it.until(lambda: isinstance(it.app.screen, Confirm))
            await it.pilot.press("escape")
            await it.until(lambda: isinstance(it.app.screen, DirectoryScreen))
            assert release(desk) == LATER


async def test_undo_without_a_change_says_that_there_is_nothing_to_undo(tmp_path: Path) -> None:
    with furnished_desk(tmp_path, FixedClock(MONDAY_NINE)) as desk:
        async with directory(desk) as it:
            await it.pilot.press("u")
            await it.until(lambda: "You have changed no record in the last ten minutes." in said(it))


async def test_a_change_that_others_have_built_on_is_not_undone_and_the_reason_is_shown(
    tmp_path: Path,
) -> None:
    with furnished_desk(tmp_path, FixedClock(MONDAY_NINE)) as desk:
        moved(desk)
        ref = logged(desk, severity="medium")
        done(desk, PromiseFix(ref, "2026.12"))
        async with directory(desk) as it:
            await it.pilot.press("u")
            await it.until(lambda: isinstance(it.app.screen, Confirm))
            await it.pilot.press("y")
            await it.until(lambda: f"{ref} was promised a fix in 2026.12 since" in said(it))
            assert release(desk) == LATER
