"""No key, text or order of screens ends the console, and no screen closes another one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from rich.style import Style
from textual import events
from textual.app import ComposeResult
from textual.command import CommandPalette
from textual.content import Content
from textual.geometry import Offset
from textual.widgets import OptionList, Static

from supportdesk.clock import FixedClock
from supportdesk.console.calls.incoming import CallReceived
from supportdesk.console.calls.screen import CallScreen
from supportdesk.console.commands.batch_progress import BatchProgressScreen
from supportdesk.console.commands.command_form import CommandForm
from supportdesk.console.dialogs.dialog import Dialog
from supportdesk.console.forms.field import Field
from supportdesk.console.forms.form import Form
from supportdesk.console.forms.search_field import SearchField
from supportdesk.console.forms.ticket_field import TicketField
from supportdesk.console.keys.key import Key
from supportdesk.console.keys.keymap import KEYS
from supportdesk.console.messages import QueueChanged
from supportdesk.desk import Desk
from supportdesk.tickets.command import TicketCommand
from supportdesk.tickets.decide import COMMANDS
from supportdesk.tickets.process.conversation import Note
from supportdesk.tickets.process.linking import LinkTicket, MarkDuplicate
from supportdesk.tickets.refusal import Refusal
from tests.console.fixtures.morning import empty_desk, morning_desk
from tests.console.harness.console import Running, running
from tests.store.desks import address_of, furnished_desk, logged
from tests.tickets.scenario import MONDAY_NINE


class Dialogue(Dialog[str]):
    """A dialog with nothing in it."""

    def heading(self) -> Content:
        return Content("Nothing")

    def body(self) -> ComposeResult:
        return iter(())


COMMAND_KEYS = [key for key in KEYS if key.verbs and key.verbs[0] in COMMANDS]
NOTICE_KEYS = [key for key in KEYS if key.id.startswith("notice.")]


def palettes(it: Running) -> int:
    """How many command palettes are open, in front or behind."""
    return sum(isinstance(screen, CommandPalette) for screen in it.app.screen_stack)


@asynccontextmanager
async def on_a_file(folder: Path) -> AsyncIterator[Running]:
    """A console on a real database with two tickets, operated by a supervisor."""
    clock = FixedClock(MONDAY_NINE)
    with furnished_desk(folder, clock) as other:
        address = address_of(other)
        logged(other)
        logged(other, summary="Stock levels are wrong")
    async with running(empty_desk(), connect=lambda: Desk.open(address, clock), username="sue") as it:
        yield it


async def open_form(it: Running, key: Key) -> Form | None:
    """Presses a command's key on the first ticket; None where the foot says why it is refused."""
    await it.press("2", key.keys.split(",")[0])
    await it.until(lambda: isinstance(it.app.screen, Dialog) or bool(it.foot.strip()))
    screen: Any = it.app.screen
    return screen if isinstance(screen, Form) else None


@pytest.mark.parametrize("key", COMMAND_KEYS, ids=lambda key: key.id)
async def test_every_command_s_key_opens_its_form_or_says_why_not(key: Key, tmp_path: Path) -> None:
    async with on_a_file(tmp_path) as it:
        await open_form(it, key)
        await it.press("escape")
        assert it.app.is_running


@pytest.mark.parametrize("typed", ["", "x", "…", "CD-4C0", "CD-4C99-9", "CD-4C05-H", "[/oops]", "4C00-W"])
@pytest.mark.parametrize("verb", ["link", "duplicate"])
async def test_any_text_in_place_of_a_reference_is_only_refused(
    verb: str, typed: str, tmp_path: Path
) -> None:
    key = next(key for key in COMMAND_KEYS if verb in key.verbs)
    async with on_a_file(tmp_path) as it:
        form = await open_form(it, key)
        assert isinstance(form, CommandForm)
        form.query_one(TicketField).restore(typed)
        await it.pilot.pause()
        await it.press("f2")
        await it.press("escape")
        assert it.app.is_running


def test_a_preview_refuses_an_unknown_ticket(tmp_path: Path) -> None:
    with furnished_desk(tmp_path) as it:
        ref = logged(it)
        tried: list[TicketCommand] = [
            LinkTicket(ref, "…"),
            MarkDuplicate(ref, "CD-4C05-H"),
            Note("CD-4C05-H", "x"),
            Note("…", "x"),
            Note(ref, "x"),
        ]
        *refused, fine = it.preview(tried, by="ann")
        assert all(isinstance(each, Refusal) for each in refused)
        assert not isinstance(fine, Refusal)


async def test_the_palette_closes_for_a_call_and_opens_over_it_once() -> None:
    async with running(morning_desk()) as it:
        it.app.post_message(CallReceived("020 7946 0018"))
        await it.pilot.pause()
        await it.press("ctrl+p")
        assert isinstance(it.app.screen, CommandPalette)
        await it.press("f4")
        await it.until(lambda: isinstance(it.app.screen, CallScreen))
        assert not palettes(it)
        await it.press("ctrl+p")
        await it.until(lambda: palettes(it) == 1)
        assert it.app.is_running


async def test_a_palette_below_a_call_does_not_open_again() -> None:
    async with running(morning_desk()) as it:
        await it.press("ctrl+p")
        await it.until(lambda: palettes(it) == 1)
        it.screen.action_visit("call")
        await it.until(lambda: isinstance(it.app.screen, CallScreen))
        it.app.action_command_palette()
        it.app.search_themes()
        await it.pilot.pause()
        assert palettes(it) == 1
        assert it.app.is_running


async def test_a_screen_dismissed_behind_another_closes_only_when_it_is_in_front() -> None:
    async with running(morning_desk()) as it:
        results: list[str | None] = []
        behind, before = Dialogue(), Dialogue()
        await it.app.push_screen(behind, results.append)
        await it.app.push_screen(before)
        behind.dismiss("done")
        behind.dismiss("done again")
        await it.pilot.pause()
        assert it.app.screen is before
        assert not results
        before.dismiss(None)
        await it.until(lambda: it.app.screen is it.screen)
        assert results == ["done again"]


async def test_a_screen_dismissed_twice_returns_its_result_once() -> None:
    async with running(morning_desk()) as it:
        results: list[str | None] = []
        dialog = Dialogue()
        await it.app.push_screen(dialog, results.append)
        dialog.dismiss("first")
        dialog.dismiss("second")
        await it.until(lambda: it.app.screen is it.screen)
        assert results == ["first"]


def test_every_screen_over_the_queue_can_be_dismissed_only_once() -> None:
    from supportdesk.console.board.drilldown_screen import DrilldownScreen
    from supportdesk.console.board.screen import BoardScreen
    from supportdesk.console.dialogs.dismissal import DismissOnce
    from supportdesk.console.directory.screen import DirectoryScreen

    for screen in (BoardScreen, DirectoryScreen, DrilldownScreen, Form, BatchProgressScreen):
        assert issubclass(screen, DismissOnce)


async def test_a_screen_that_was_left_runs_no_later_callback() -> None:
    async with running(morning_desk()) as it:
        done: list[str] = []
        dialog = Dialogue()
        await it.app.push_screen(dialog)
        dialog.set_interval(0.001, lambda: done.append("again"))
        await it.until(lambda: bool(done))
        dialog.dismiss(None)
        done.clear()
        dialog.call_after_refresh(lambda: done.append("after"))
        await it.until(lambda: it.app.screen is it.screen and not dialog.is_running)
        assert not done


async def test_a_form_that_closes_does_not_discard_its_draft() -> None:
    async with running(morning_desk()) as it:
        ref = it.under_cursor or ""
        await it.press("i", *"half")
        form = it.app.screen
        assert isinstance(form, Form)
        await it.press("escape")
        session = it.screen.session
        assert session is not None
        await it.until(lambda: not form.is_running)
        form.save_draft()
        draft = session.drafts.find("note", ref)
        assert draft is not None
        assert draft.typed["text"] == "half"


async def test_a_screen_that_is_left_cancels_its_workers() -> None:
    async with running(morning_desk()) as it:
        dialog, never = Dialogue(), asyncio.Event()

        async def look_up() -> None:
            await never.wait()

        async def leave() -> str:
            dialog.dismiss(None)
            await asyncio.sleep(0)
            return "left"

        await it.app.push_screen(dialog)
        waiting = dialog.run_worker(look_up())
        leaving = dialog.run_worker(leave())
        await it.until(lambda: waiting.is_finished and leaving.is_finished)
        assert waiting.is_cancelled
        assert leaving.result == "left"


async def test_a_palette_dismissed_twice_keeps_the_queue() -> None:
    async with running(morning_desk()) as it:
        for opened_by in ("ctrl+p", "f9"):
            await it.press(opened_by)
            await it.until(lambda: palettes(it) == 1)
            palette = it.app.screen
            palette.dismiss()
            palette.dismiss()
            await it.until(lambda: palettes(it) == 0)
            assert it.app.screen is it.screen


async def test_a_click_on_a_widget_that_is_being_removed_does_not_crash(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with running(morning_desk()) as it:
        gone = Static("was here")
        monkeypatch.setattr(it.screen, "get_widget_at", lambda x, y: (gone, it.screen.region))
        monkeypatch.setattr(it.screen, "get_widget_and_offset_at", lambda x, y: (gone, Offset(0, 0)))
        await it.app.on_event(events.MouseDown(None, 3, 3, 0, 0, 1, False, False, False, 3, 3))
        assert it.app.is_running


@pytest.mark.parametrize(
    "trouble", ["the database is away", pytest.param("the tickets are gone", marks=pytest.mark.long)]
)
async def test_every_request_to_an_unavailable_desk_is_refused_without_a_crash(
    trouble: str,
) -> None:
    async with running(morning_desk(), username="maya") as it:
        await it.press("2")
        if trouble == "the database is away":
            it.desk.outage = "The database does not answer."
        else:
            it.desk._tickets.clear()
        places = [key for key in KEYS if key.action.startswith("visit(")]
        it.app.post_message(CallReceived("020 7946 0018"))
        for key in (*COMMAND_KEYS, *places, *NOTICE_KEYS):
            await it.pilot.press(key.keys.split(",")[0], "J", "f2", "escape", "escape")
            await it.pilot.pause()
            assert it.app.is_running, key.id
            assert it.app._exception is None, key.id


async def test_keys_and_messages_after_a_screen_has_been_left_do_nothing() -> None:
    async with running(morning_desk()) as it:
        await it.press("n", *"Jo")
        call = it.app.screen
        assert isinstance(call, CallScreen)
        await it.press("escape")
        await it.until(lambda: not call.is_running)
        assert not call.query("#caller")
        assert not await it.app.run_action("start_afresh", call)
        await call._dispatch_message(QueueChanged([]))
        await call._dispatch_message(Field.Changed(SearchField("caller", "who", lambda text: [])))
        assert it.app.is_running


@pytest.mark.parametrize("key", ["ctrl+p", "f9", "D"])
async def test_a_click_on_a_line_that_has_gone_does_not_crash(key: str) -> None:
    async with running(morning_desk()) as it:
        await it.press(key)
        await it.until(lambda: bool(it.app.screen.query(OptionList)))
        lines = it.app.screen.query_one(OptionList)
        gone = Style.from_meta({"option": 10_000})
        lines.post_message(events.Click(lines, 1, 1, 0, 0, 1, False, False, False, 1, 1, gone))
        await it.pilot.pause()
        assert it.app._exception is None
        assert it.app.is_running


async def test_a_screen_left_before_it_is_mounted_closes_once_it_is() -> None:
    async with running(morning_desk()) as it:
        results: list[str | None] = []
        dialog = Dialogue()
        opened = it.app.push_screen(dialog, results.append)
        assert not dialog.is_mounted
        dialog.dismiss("early")
        assert it.app.screen is dialog
        await opened
        await it.until(lambda: it.app.screen is it.screen)
        assert results == ["early"]
