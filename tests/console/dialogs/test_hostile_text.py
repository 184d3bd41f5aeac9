"""Dialogs show names, summaries and numbers from outside literally."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace
from rich.segment import Segment
from textual.screen import Screen
from textual.widget import Widget

from supportdesk.console.calls.log_form import LogRequestForm
from supportdesk.console.calls.read_back import ReadBackScreen
from supportdesk.console.commands.command_form import CommandForm
from supportdesk.console.commands.escalate_form import EscalateForm
from supportdesk.console.dialogs.confirm import Confirm
from supportdesk.console.dialogs.help_screen import HelpEntry, HelpScreen
from supportdesk.tickets.documents import Article, Contact, Organisation, Person, Release
from supportdesk.tickets.plain_text import UNWANTED
from supportdesk.tickets.process.assignment import Assign, Claim, HandBack
from supportdesk.tickets.process.linking import LinkTicket
from supportdesk.tickets.process.resolution import LinkArticle, PromiseFix, Resolve
from supportdesk.tickets.process.triage import Log
from tests.console.fixtures.morning import morning_desk
from tests.console.harness.dialog import Seat, Shown, drawn, keys, opened, typed, until

HOSTILE = "[/oops] [@click=app.quit]x[/] \x1b]0;x\x07 \u202egnp\u2066 \x9b2J\x00 [red]"


@pytest.fixture
def seat() -> Seat:
    """A desk on which every name contains markup and control characters."""
    desk = morning_desk()
    known = desk.records
    people = {
        key: msgspec.structs.replace(each, name=f"{each.name} {HOSTILE}", telephone=HOSTILE)
        for key, each in known.staff.items()
    }
    people["evil"] = Person("evil", HOSTILE, "development", (), HOSTILE, HOSTILE, ("director",))
    desk.records = replace(
        known,
        staff=people,
        organisations={**known.organisations, "evil": Organisation("evil", HOSTILE, HOSTILE)},
        contacts={
            **known.contacts,
            "mallory": Contact("mallory", "evil", HOSTILE, telephone=HOSTILE, email=HOSTILE),
        },
        releases={**known.releases, HOSTILE: Release(HOSTILE, date(2026, 12, 1))},
        articles={**known.articles, "evil": Article("evil", HOSTILE)},
    )
    ref = desk.do_as("ann", Log("high", "email", "evil", "mallory", HOSTILE, HOSTILE))
    desk.do_as("evil", Claim(ref))
    return Seat(desk)


def evil(seat: Seat) -> Any:
    return seat.view("[/oops]")


def foreign(screen: Screen[Any]) -> list[Segment]:
    """Return the text of every drawn segment."""
    return [
        segment
        for widget in [screen, *screen.walk_children(Widget)]
        if widget.outer_size.area
        for strip in widget.render_lines(widget.outer_size.region)
        for segment in strip
    ]


def assert_harmless(pilot: Shown, *, at_least: int = 1) -> None:
    screen = pilot.app.screen
    assert drawn(screen).count("[/oops] [@click=app.quit]x[/]") >= at_least
    for segment in foreign(screen):
        assert not UNWANTED.search(segment.text)
        assert not (segment.style and "@click" in segment.style.meta)


Opening = Callable[[Seat], Screen[Any]]
SCREENS: dict[str, tuple[Opening, list[str], int]] = {
    "a form": (lambda seat: CommandForm(seat.context(), HandBack, evil(seat)), [], 2),
    "staff to find": (lambda seat: CommandForm(seat.context(), Assign, evil(seat)), ["down"], 4),
    "a person taken": (
        lambda seat: CommandForm(seat.context(), Assign, evil(seat)),
        ["down", "enter"],
        2,
    ),
    "releases to find": (lambda seat: CommandForm(seat.context(), PromiseFix, evil(seat)), ["down"], 3),
    "articles to find": (lambda seat: CommandForm(seat.context(), LinkArticle, evil(seat)), ["down"], 3),
    "a preset": (
        lambda seat: CommandForm(seat.context(), HandBack, evil(seat), {"reason": HOSTILE}),
        [],
        2,
    ),
    "a preset text": (
        lambda seat: CommandForm(seat.context(), Resolve, evil(seat), {"text": HOSTILE}),
        [],
        2,
    ),
    "the question before": (
        lambda seat: CommandForm(seat.context(), Resolve, evil(seat), {"text": HOSTILE}),
        ["f2"],
        1,
    ),
    "the ladder": (lambda seat: EscalateForm(seat.context(), evil(seat)), [], 3),
    "the ladder's next person": (lambda seat: EscalateForm(seat.context(), evil(seat)), ["h"], 3),
    "customers to find": (lambda seat: LogRequestForm(seat.context()), [], 1),
    "contacts to find": (lambda seat: LogRequestForm(seat.context()), ["up", "enter", "enter"], 2),
    "a question": (lambda seat: Confirm(HOSTILE, f"{HOSTILE}\n{HOSTILE}", HOSTILE), [], 4),
    "help": (
        lambda seat: HelpScreen([HelpEntry(HOSTILE, "x", HOSTILE[:14], HOSTILE, refused=HOSTILE)]),
        [],
        2,
    ),
}


@pytest.mark.parametrize("place", SCREENS)
async def test_text_from_outside_is_shown_literally_in(place: str, seat: Seat) -> None:
    opening, presses, at_least = SCREENS[place]
    async with opened(opening(seat), size=(200, 50)) as pilot:
        await keys(pilot, *presses)
        await until(pilot, lambda: "[/oops]" in drawn(pilot.app.screen))
        assert_harmless(pilot, at_least=at_least)
        assert pilot.app.is_running


async def test_a_name_in_a_refusal_is_shown_literally(seat: Seat) -> None:
    desk = seat.desk
    desk.records = replace(
        desk.records,
        staff={
            **desk.records.staff,
            "ann": msgspec.structs.replace(desk.records.staff["ann"], roles=()),
        },
    )
    async with opened(CommandForm(seat.context(), HandBack, evil(seat), {"reason": "x"}), (200, 50)) as pilot:
        await keys(pilot, "enter")
        await until(pilot, lambda: "✗ [/oops]" in drawn(pilot.app.screen))
        assert_harmless(pilot, at_least=2)


async def test_the_ticket_of_a_reference_is_shown_literally(seat: Seat) -> None:
    other = evil(seat).ticket.ref
    screen = CommandForm(seat.context(), LinkTicket, seat.view("Export stops"))
    async with opened(screen, (200, 50)) as pilot:
        await typed(pilot, other)
        assert_harmless(pilot)


async def test_typed_and_pasted_text_is_shown_literally(seat: Seat) -> None:
    async with opened(CommandForm(seat.context(), HandBack, evil(seat)), (200, 50)) as pilot:
        field: Any = pilot.app.screen.query_one("#reason Input")
        field.value = f"pasted {HOSTILE}"
        await pilot.pause()
        assert "pasted [/oops]" in drawn(pilot.app.screen)
        assert_harmless(pilot, at_least=3)


async def test_a_logged_request_is_read_back_literally(seat: Seat) -> None:
    async with opened(LogRequestForm(seat.context()), (200, 60)) as pilot:
        await keys(pilot, "up", "enter", "down", "enter")
        await typed(pilot, "x")
        await keys(pilot, "enter", "c", "tab", "tab", "t", "f2")
        await until(pilot, lambda: isinstance(pilot.app.screen, ReadBackScreen))
        assert_harmless(pilot)
