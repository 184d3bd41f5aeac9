"""A contact who is erased elsewhere is gone from every console at once: from what it shows, and from what was typed."""

from __future__ import annotations

import re
import threading
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from supportdesk.clock import FixedClock
from supportdesk.console.desk_watch import DeskWatch
from supportdesk.console.forms.form import Form
from supportdesk.desk import Desk
from supportdesk.desk_api import Queries
from supportdesk.tickets.folding import fold
from supportdesk.tickets.process.assignment import Assign
from supportdesk.tickets.records.commands import EraseContact
from tests.console.fixtures.morning import empty_desk
from tests.console.harness.console import Running, lines, running
from tests.store.desks import address_of, done, logged
from tests.store.erased import ZOE, find_traces, named_desk
from tests.svg import lines_of
from tests.tickets.scenario import MONDAY_NINE

WHO = re.compile(r"zoe|m(u|ue)ller|7946 0321")
"""How she would still be found on the screen."""


@asynccontextmanager
async def console_on(desk: Desk, drafts: Path | None = None) -> AsyncIterator[Running]:
    """A console on a desk that somebody else uses as well."""
    address, clock = address_of(desk), FixedClock(MONDAY_NINE)
    async with running(
        empty_desk(), connect=lambda: Desk.open(address, clock), username="sue", drafts=drafts
    ) as it:
        yield it


async def type_in(it: Running, keys: Sequence[str]) -> None:
    """Presses keys by their names, and types everything else."""
    for key in keys:
        await it.press(*([key] if key in _NAMED else ["space" if each == " " else each for each in key]))


def svg(it: Running) -> str:
    """A picture of the screen."""
    return it.app.export_screenshot()


def shown(it: Running) -> str:
    """Everything on the screen, folded."""
    return fold("\n".join(lines_of(svg(it))))


_NAMED = {"slash", "enter", "down", "right", "escape", "ctrl+p", "tab", "f6", "question_mark"}

PLACES = {
    "a note": ("enter", "i", "zoe rang"),
    "her call about a ticket": ("n", "Zoe", "enter", "enter"),
    "a request": ("N", "Acme", "enter", "Zoe", "enter"),
    "her record, found by name": ("D", "tab", "tab", "slash", "zoe"),
    "a batch": ("M", "i", "zoe rang"),
}
MORE_PLACES = {
    "her ticket": ("enter",),
    "her ticket at full width": ("enter", "enter"),
    "the timeline": ("enter", "right"),
    "a reply": ("enter", "r"),
    "a call of hers": ("n", "Zoe", "enter"),
    "the request of a new caller": ("n", "Zoe Other", "enter"),
    "the directory": ("D", "tab", "tab"),
    "her record": ("D", "tab", "tab", "e"),
    "the inbox": ("I",),
    "the shift": ("S",),
    "the board": ("b",),
    "the palette": ("ctrl+p",),
    "help": ("question_mark",),
}


@pytest.mark.parametrize(
    "keys",
    [
        *(pytest.param(keys, id=name) for name, keys in PLACES.items()),
        *(pytest.param(keys, id=name, marks=pytest.mark.long) for name, keys in MORE_PLACES.items()),
    ],
)
async def test_nothing_of_them_is_shown_or_kept_wherever_the_operator_is(
    keys: Sequence[str], tmp_path: Path
) -> None:
    with named_desk(tmp_path) as other:
        async with console_on(other, tmp_path / "drafts") as it:
            await type_in(it, keys)
            assert keys[0] not in ("enter", "n", "N", "D") or WHO.search(shown(it)), "she is shown"
            done(other, EraseContact(ZOE.key), by="sue")
            await it.until(lambda: not any(isinstance(each, Form) for each in it.app.screen_stack))
            await it.until(lambda: WHO.search(shown(it)) is None)
        assert not any(WHO.search(fold(f"{each.key} {each.name}")) for each in other.contacts("acme"))
        other.remove_traces()
        assert find_traces(tmp_path) == []


async def test_what_was_typed_before_an_erasure_is_refused_though_the_console_has_not_seen_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with named_desk(tmp_path) as other:
        async with console_on(other) as it:
            await type_in(it, ("enter", "i", "zoe muller-brandt rang"))
            seen, poll = threading.Event(), DeskWatch._poll_changes

            def poll_later(watch: DeskWatch, desk: Queries) -> None:
                seen.wait(20)
                poll(watch, desk)

            monkeypatch.setattr(DeskWatch, "_poll_changes", poll_later)
            done(other, EraseContact(ZOE.key), by="sue")
            await it.pilot.press("f2")
            await it.until(lambda: bool(it.app.screen.query(".status.refused")))
            said = " ".join(lines(it.app.screen.query_one(".status")))
            assert "a contact was erased after this was begun" in said
            seen.set()
            await it.until(lambda: it.app.screen is it.screen)
            assert "was discarded and what was open was closed" in it.foot
        other.remove_traces()
        assert find_traces(tmp_path) == []


async def test_what_waits_behind_the_lock_screen_is_forgotten_too(tmp_path: Path) -> None:
    with named_desk(tmp_path) as other:
        async with console_on(other, tmp_path / "drafts") as it:
            await type_in(it, ("enter", "i", "zoe rang"))
            it.app.action_lock()
            await it.pilot.pause()
            done(other, EraseContact(ZOE.key), by="sue")
            session = it.screen.session
            assert session is not None
            await it.until(lambda: session.drafts.unsent == [])
            await it.pilot.press("space")
            await it.until(lambda: it.app.screen is it.screen and WHO.search(shown(it)) is None)
        other.remove_traces()
        assert find_traces(tmp_path) == []


async def test_a_notice_of_their_ticket_is_worded_again(tmp_path: Path) -> None:
    with named_desk(tmp_path) as other:
        ref = logged(other, contact=ZOE.key, summary="Zoe cannot log in")
        async with console_on(other) as it:
            done(other, Assign(ref, "sue"), by="max")
            await it.until(lambda: "Zoe cannot log in" in it.notice)
            done(other, EraseContact(ZOE.key), by="sue")
            await it.until(lambda: "[erased] cannot log in" in it.notice)
