"""A ticket breached under another promise says so everywhere, beside the time left on the present one (rule 9)."""

from __future__ import annotations

from datetime import UTC, datetime

from msgspec.structs import replace

from supportdesk.console.board.reader import BoardReader
from supportdesk.console.board.ticket_list import _describe_state
from supportdesk.console.queue.filter.fields import FIELDS
from supportdesk.console.queue.filter.parser import parse
from supportdesk.console.queue.filter.vocabulary import Vocabulary
from supportdesk.console.terminal.symbols import NARROW
from supportdesk.console.text.clock_text import clock_status
from supportdesk.console.wall.pages import draw_page
from supportdesk.console.wall.snapshot import WallPage, WallSnapshot
from supportdesk.sla.clocks import ClockKind, State, breached_earlier, epoch
from supportdesk.tickets.process.resolution import Resolve
from supportdesk.tickets.process.severity import ChangeSeverity
from tests.console.fixtures.fake_desk import FakeDesk
from tests.console.fixtures.morning import morning_desk
from tests.console.harness.console import Running, running

RAISED = datetime(2026, 12, 10, 9, 38, tzinfo=UTC)
NOW = datetime(2026, 12, 10, 9, 42, tzinfo=UTC)
"""Four minutes after the raise: 23:56 are left of the 24 hours of a High."""
EXCEEDED = datetime(2026, 12, 14, 13, 38, 1, tzinfo=UTC)
"""The second after the last of them."""


def ref(desk: FakeDesk) -> str:
    return next(row.ref for row in desk.queue().rows if row.summary.startswith("Wrong total"))


def raised() -> FakeDesk:
    """A fix date passed unshipped, and the ticket was raised to High afterwards."""
    desk = morning_desk()
    desk.clock.set(RAISED)
    desk.do_as("maya", ChangeSeverity(ref(desk), "high", "they cannot invoice"))
    desk.clock.set(NOW)
    return desk


async def test_the_queue_shows_the_time_left_and_that_it_was_breached_earlier() -> None:
    desk = raised()
    async with running(desk) as it:
        line = it.line(ref(desk))
        assert "23:56" in line
        assert "-23:56" not in line
        assert "breached earlier" in line


async def test_the_smallest_queue_says_it_as_well() -> None:
    desk = raised()
    async with running(desk, (80, 24)) as it:
        it.screen.queue.find(ref(desk))
        await it.pilot.pause()
        line = it.line(ref(desk))
        assert "23:56" in line
        assert "breached earlier" in line


async def test_the_brief_says_it_and_its_bar_is_that_of_the_present_target() -> None:
    desk = raised()
    async with running(desk, (80, 24)) as it:
        assert it.screen.queue.find(ref(desk))
        it.screen.queue.focus()
        await it.press("enter")
        await it.until(
            lambda: (
                it.screen.ticket_pane.context is not None and it.screen.ticket_pane.context.view is not None
            )
        )
        await it.pilot.pause()
        assert "breached earlier, 23:56 left, due Mon 13:38 GMT" in it.ticket_text
        assert " 0 %" in it.ticket_text


async def test_the_moment_the_present_target_is_exceeded_it_is_simply_breached() -> None:
    desk = raised()
    async with running(desk) as it:
        await it.at(EXCEEDED)
        line = it.line(ref(desk))
        assert "breached earlier" not in line
        assert "-0:00:01" in line


async def test_a_filter_finds_it_by_the_words_in_which_it_is_told() -> None:
    desk = raised()
    async with running(desk) as it:
        await it.find('state:"breached earlier"')
        assert [ref(desk)] == _refs(it)
        await it.find("state:breached")
        assert ref(desk) in _refs(it)
        await it.find('-state:"breached earlier"')
        assert ref(desk) not in _refs(it)
        await it.find('state:"breached earlier"')
        await it.at(EXCEEDED)
        assert _refs(it) == []


async def test_it_is_counted_as_breached_and_stands_in_the_view_of_what_presses() -> None:
    desk = raised()
    async with running(desk) as it:
        session = it.screen.session
        assert session is not None
        index = session.model.index
        entry = index.entries[ref(desk)]
        assert entry.state is State.BREACHED
        view = next(each for each in index.views if each.name == "At risk or breached")
        assert view.filter.matches(entry, index.present)


def test_the_wall_shows_the_time_that_is_left_as_time_left() -> None:
    desk = raised()
    at, drawn = ref(desk), BoardReader(desk).read()
    assert drawn is not None
    alone = replace(drawn, histories=[each for each in drawn.histories if each.row.ref == at])
    block = draw_page(WallPage.NOW, WallSnapshot(alone, desk.now(), "Europe/London"), 160, 50)
    lines = ["".join(piece.text for piece in line) for line in block]
    told = next(place for place, line in enumerate(lines) if "breached earlier" in line)
    assert lines[told].startswith(f"High resolve   {NARROW.breached} breached earlier   ")
    timer = {piece.style_name for line in block[told - 4 : told] for piece in line if piece.text.strip()}
    assert timer == {"strong"}


def test_the_board_and_its_lists_say_it() -> None:
    desk = raised()
    row = desk.row(ref(desk))
    role, told = _describe_state(row, ClockKind.RESOLUTION, epoch(NOW), NARROW)
    assert (role, told) == ("breached", "✖ breached earlier")


def test_dialogs_say_it() -> None:
    desk = raised()
    row = desk.row(ref(desk))
    assert clock_status(row.resolution, desk.policy, NOW) == "breached earlier, 23:56 left, due Mon 13:38 GMT"


def test_a_clock_that_stopped_is_missed_and_no_longer_breached_earlier() -> None:
    desk = raised()
    at = ref(desk)
    desk.do_as("ann", Resolve(at, "Fixed.", "fix"))
    row = desk.row(at)
    assert row.resolution.verdict is State.MISSED
    assert not breached_earlier(row.resolution, epoch(NOW))


def test_the_words_are_offered_where_a_filter_is_typed() -> None:
    assert not parse('state:"breached earlier"', Vocabulary()).faults
    assert "breached earlier" in [key for key, _ in FIELDS["state"].options(Vocabulary())]


def _refs(it: Running) -> list[str]:
    model = it.screen.queue.model
    assert model is not None
    model.finish_search()
    return [entry.row.ref for key in model.index.groups for entry in model.visible.group(key)]
