"""The command palette: every command by name, available ones first, and why the others are not."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
from textual.command import CommandInput, CommandList, CommandPalette
from textual.pilot import Pilot
from textual.style import Style

from supportdesk.console.calls.screen import CallScreen
from supportdesk.console.dialogs.palette_screen import Palette
from supportdesk.console.keys.keymap import KEYS
from supportdesk.console.search.palette_matcher import FoldingMatcher
from tests.console.fixtures.fake_desk import FakeDesk
from tests.console.fixtures.morning import morning_desk
from tests.console.harness.console import Running, running, shown_keys
from tests.console.harness.dialog import until
from tests.console.harness.pictures import in_every_look
from tests.console.main.test_pictures import taken

Compare = Callable[..., bool]


@asynccontextmanager
async def palette(username: str = "ann", typed: str = "") -> AsyncIterator[Running]:
    """The console with its palette open, and something typed in it."""
    async with running(morning_desk(), username=username) as it:
        await it.pilot.press("ctrl+p")
        await it.until(lambda: isinstance(it.app.screen, CommandPalette))
        await it.until(lambda: bool(offered(it)))
        if typed:
            it.app.screen.query_one(CommandInput).value = typed
            await it.until(lambda: any(typed.casefold() in each.casefold() for each in offered(it)[:1]))
        yield it


def offered(it: Running) -> list[str]:
    """The commands that the palette offers, each with its second line; views are none."""
    return [each for each in listed(it) if not each.startswith("View: ")]


def listed(it: Running) -> list[str]:
    """All that the palette lists, from the top."""
    return [str(option.prompt) for option in it.app.screen.query_one(CommandList).options]


async def test_every_command_is_listed_and_available_ones_come_first() -> None:
    async with palette() as it:
        told = offered(it)
        refused = ["not now:" in each for each in told]
        assert refused == sorted(refused)
        assert any(refused)
        assert not all(refused)
        for title in ("Claim", "Resolve", "Reopen", "Log a request", "Move to another policy version"):
            assert any(each.startswith(title) for each in told), title


async def test_the_extension_of_an_acknowledgement_is_found_by_its_name() -> None:
    async with palette(typed="extend") as it:
        assert offered(it)[0].startswith("Acknowledge or extend  (p)")


async def test_an_unavailable_command_says_why() -> None:
    async with palette() as it:
        reopen = next(each for each in offered(it) if each.startswith("Reopen"))
        assert reopen == "Reopen  (X)\nnot now: it is open already; write a note (i)"


async def test_a_command_that_is_not_permitted_says_who_may_run_it() -> None:
    async with palette(username="sam") as it:
        moving = next(each for each in offered(it) if each.startswith("Move to another policy version"))
        assert "only an administrator or a supervisor (Ann Lee or Maya Brandt)" in moving


async def test_choosing_an_unavailable_command_shows_the_reason_and_does_nothing() -> None:
    async with palette(typed="Reopen") as it:
        done = len(it.desk.commands)
        await it.press("enter")
        await it.until(lambda: it.app.screen is it.screen)
        assert f"{it.under_cursor}, Reopen: it is open already; write a note (i)." in it.foot
        assert len(it.desk.commands) == done
        # On the next ticket that key would act on another one than the reason is about.
        await it.press("down")
        assert "resolve it first" not in it.foot


async def test_choosing_an_available_command_runs_it() -> None:
    async with palette(typed="Claim") as it:
        await it.press("enter")
        await it.until(lambda: bool(it.screen.foot.message))
        assert it.desk.commands[-1][0].verb == "claim"


async def test_a_command_is_found_by_its_verb_on_the_command_line() -> None:
    async with palette() as it:
        it.app.screen.query_one(CommandInput).value = "wait"
        await it.until(lambda: any("Put on hold" in each for each in offered(it)[:1]))


async def test_among_matching_commands_available_ones_come_first() -> None:
    async with palette(typed="re") as it:
        refused = ["not now:" in each for each in offered(it)]
        assert refused == sorted(refused)
        assert any(refused)


async def test_commands_come_before_views_of_the_same_score() -> None:
    async with palette(typed="op") as it:
        await it.until(lambda: any(each.startswith("View: All open") for each in listed(it)))
        command, view = (
            next(place for place, each in enumerate(listed(it)) if each.startswith(name))
            for name in ("Open the notice's ticket", "View: All open")
        )
        assert command < view


async def test_commands_come_before_views_while_nothing_is_typed() -> None:
    async with palette() as it:
        await it.until(lambda: any(each.startswith("View: ") for each in listed(it)))
        views = [each.startswith("View: ") for each in listed(it)]
        assert views == sorted(views)


async def test_a_key_that_is_not_permitted_says_who_may_use_it_without_opening_a_form() -> None:
    async with running(morning_desk(), username="sam") as it:
        await it.press("P")
        assert it.app.screen is it.screen
        assert "only an administrator or a supervisor (Ann Lee or Maya Brandt)" in it.foot


async def test_the_help_marks_commands_that_are_not_permitted() -> None:
    async with running(morning_desk(), username="sam") as it:
        await it.press("question_mark")
        told = shown_keys(it)
        assert "only an account manager or a supervisor (Ann Lee, Maya Brandt or Rosa Lindt)" in told


@in_every_look({"searching": (Palette,)}, in_one_run=False)
def test_the_palette_looks_as_it_did(
    picture: str, size: tuple[int, int], theme: str, snap_compare: Compare
) -> None:
    assert taken(snap_compare, morning_desk(), searching, size, theme=theme)


async def searching(pilot: Pilot[None], desk: FakeDesk) -> None:
    """Something typed that fits commands of both kinds."""
    await pilot.press("ctrl+p")
    await until(pilot, lambda: isinstance(pilot.app.screen, CommandPalette))
    line, found = pilot.app.screen.query_one(CommandInput), pilot.app.screen.query_one(CommandList)
    line.cursor_blink = False
    line.value = "op"
    await until(pilot, lambda: 0 < found.option_count < len(KEYS) // 2)


@pytest.mark.parametrize(("typed", "highlighted"), [("strasse", "Straße"), ("LODZ", "Łódź"), ("øst", "Øst")])
def test_a_command_is_found_without_its_accents_and_its_own_letters_are_highlighted(
    typed: str, highlighted: str
) -> None:
    matcher = FoldingMatcher(typed, match_style=Style(bold=True))
    name = "View: [/b] Straße Łódź Øst"
    assert matcher.match(name) > 0
    found = matcher.highlight(name)
    assert found.plain == name
    assert "".join(name[span.start : span.end] for span in found.spans) == highlighted


@pytest.mark.parametrize("typed", ["", "claim"])
async def test_over_a_screen_without_commands_the_palette_says_so_and_how_to_close_it(typed: str) -> None:
    async with running(morning_desk()) as it:
        it.screen.action_visit("call")
        await it.until(lambda: isinstance(it.app.screen, CallScreen))
        await it.press("ctrl+p")
        await it.until(lambda: isinstance(it.app.screen, CommandPalette))
        if typed:
            it.app.screen.query_one(CommandInput).value = typed
        await it.until(lambda: listed(it) == ["No commands work on this screen; esc closes this list"])
        await it.press("escape")
        await it.until(lambda: isinstance(it.app.screen, CallScreen))
