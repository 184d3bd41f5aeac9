"""A contact is erased from the directory, after a question that no single key answers, by those who may."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.command import CommandInput, CommandPalette

from supportdesk.clock import FixedClock
from supportdesk.console.directory.contact_erasure import ERASED, EraseQuestion
from supportdesk.console.directory.screen import DirectoryScreen
from supportdesk.desk import Desk
from tests.console.fixtures.directory_keys import directory, find, names, rest, said, screen
from tests.console.fixtures.morning import empty_desk
from tests.console.harness.console import Running, running
from tests.console.main.test_command_palette import listed
from tests.store.desks import address_of, verified
from tests.store.erased import find_traces, named_desk
from tests.svg import lines_of
from tests.tickets.scenario import MONDAY_NINE


async def open_contacts(it: Running) -> None:
    """Open the directory at the contacts."""
    await it.pilot.press("D")
    await it.until(lambda: isinstance(it.app.screen, DirectoryScreen) and it.app.screen.ready.is_set())
    await it.pilot.press("tab", "tab")
    await find(it, "zoe")
    assert names(it) == ["Zoë Müller-Brandt"]


async def ask(it: Running) -> str:
    """Press the key and return the question that appears."""
    await it.pilot.press("ctrl+e")
    await it.until(lambda: isinstance(it.app.screen, EraseQuestion))
    await it.pilot.pause()
    return " ".join(lines_of(it.app.export_screenshot()))


@pytest.mark.sqlite
async def test_a_supervisor_erases_the_selected_contact_while_another_console_shows_them(
    tmp_path: Path,
) -> None:
    with named_desk(tmp_path) as other:
        address, clock = address_of(other), FixedClock(MONDAY_NINE)
        async with running(empty_desk(), connect=lambda: Desk.open(address, clock), username="sue") as it:
            await open_contacts(it)
            question = await ask(it)
            for text in (
                "Erase Zoë Müller-Brandt for good?",
                "Their tickets: 2, 2 of them open. They stay, and show [erased] as the caller.",
                "Other tickets that name them: 1",
                "It cannot be undone.",
            ):
                assert text in question
            for keys in (("enter",), ("n",), ("escape",), ("y", "left", "enter")):
                await it.pilot.press(*keys)
                await it.until(lambda: it.app.screen is screen(it))
                assert "erased" not in {each.name for each in other.contacts("acme")}
                assert other.caller("acme.zoe") is not None
                await ask(it)
            await it.pilot.press("y")
            await it.pilot.pause()
            assert isinstance(it.app.screen, EraseQuestion), "a single key erases nothing"
            await it.pilot.press("enter")
            await it.until(lambda: said(it) == ERASED)
            await rest(it)
            assert "Zoë Müller-Brandt" not in names(it)
            assert not find_traces(tmp_path / "desk.db")
        assert verified(other).findings == ()


async def test_who_may_not_erase_is_told_so_by_the_key_the_palette_and_the_help() -> None:
    async with directory(kind="Contacts", username="sam") as it:
        await it.pilot.press("ctrl+e")
        await it.until(lambda: "nly an administrator or a supervisor" in said(it))
        assert screen(it).refused_keys()["directory.erase"] == said(it)
        await it.pilot.press("escape", "ctrl+p")
        await it.until(lambda: isinstance(it.app.screen, CommandPalette) and bool(listed(it)))
        it.app.screen.query_one(CommandInput).value = "Erase a contact"
        await it.until(lambda: listed(it)[:1] != [] and "Erase a contact" in listed(it)[0])
        assert "not now: Only an administrator or a supervisor" in listed(it)[0]
        await it.pilot.press("enter")
        await it.until(lambda: it.app.screen is screen(it) and "nly an administrator" in said(it))


async def test_only_contacts_are_erased() -> None:
    async with directory(kind="Customers") as it:
        await it.pilot.press("ctrl+e")
        await it.until(lambda: "Only contacts can be erased: select one" in said(it))
