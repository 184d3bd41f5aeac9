"""Marking several tickets, so that one command acts on all of them."""

from supportdesk.console.queue.marks import MAX_MARKS, Marks
from supportdesk.console.terminal.symbols import NARROW
from supportdesk.tickets.process.closure import Close
from tests.console.fixtures.morning import morning_desk, ref_of
from tests.console.harness.console import Running, running

STOCK, EXPORT, SEARCH = "Stock levels", "Export stops", "Search is slow"


def marked(it: Running) -> set[str]:
    return {row.ref for row in it.screen.queue.marked}


def shown_as_marked(it: Running) -> set[str]:
    lines = [line for line in it.queue if len(line) > 2 and line[2] == NARROW.chosen]
    return {word for line in lines for word in line.split() if word.startswith("CD-")}


async def test_space_marks_the_ticket_and_moves_down_and_space_again_unmarks_it() -> None:
    async with running(morning_desk()) as it:
        await it.press("2", "space", "space")
        first = marked(it)
        assert len(first) == 2
        assert shown_as_marked(it) == first
        assert "2 marked" in it.foot
        await it.press("up", "space")
        assert len(marked(it)) == 1


async def test_no_column_moves_when_a_ticket_is_marked() -> None:
    desk = morning_desk()
    async with running(desk) as it:
        ref = ref_of(desk, STOCK)
        it.screen.queue.find(ref)
        await it.press("down")
        before = it.line(ref)
        await it.press("up", "space")
        assert it.line(ref) == before[:2] + NARROW.chosen + before[3:]


async def test_space_on_a_heading_still_folds_its_group() -> None:
    async with running(morning_desk()) as it:
        await it.press("g", "up", "space")
        assert marked(it) == set()
        assert "folded" in it.queue[0]


async def test_marks_stay_on_their_tickets_in_any_view_or_filter() -> None:
    desk = morning_desk()
    async with running(desk) as it:
        it.screen.queue.find(ref_of(desk, STOCK))
        await it.press("space", "v", "v")
        assert marked(it) == {ref_of(desk, STOCK)}
        await it.find("nothing like that")
        assert "1 marked" in it.foot
        await it.press("escape")
        assert marked(it) == set()


async def test_escape_removes_the_marks_first() -> None:
    async with running(morning_desk()) as it:
        await it.press("v", "space", "escape")
        assert (marked(it), it.view) == (set(), "Unassigned")
        assert "marked" not in it.foot
        await it.press("escape")
        assert it.view == "All open"


async def test_m_marks_all_matching_tickets_and_then_unmarks_them() -> None:
    desk = morning_desk()
    async with running(desk) as it:
        await it.press("v", "M")
        assert marked(it) == {row.ref for row in desk.queue().rows if row.owner is None and row.is_open}
        await it.press("M")
        assert marked(it) == set()


async def test_shift_and_an_arrow_mark_and_move_and_skip_headings() -> None:
    desk = morning_desk()
    async with running(desk) as it:
        it.screen.queue.find(ref_of(desk, STOCK))
        await it.press("shift+down", "shift+up", "shift+up", "shift+up")
        assert it.under_cursor is not None
        assert it.screen.queue.model is not None
        assert not it.screen.queue.model.folding.folded
        assert len(marked(it)) == 1


async def test_a_ticket_closed_elsewhere_loses_its_mark_with_a_message() -> None:
    desk = morning_desk()
    ref = ref_of(desk, STOCK)
    async with running(desk) as it:
        it.screen.queue.find(ref)
        await it.press("space", "space")
        desk.do_as("sam", Close(ref, "withdrawn", "They found it."))
        await it.until(lambda: len(marked(it)) == 1)
        assert f"{ref} was closed and is no longer marked." in it.foot


def test_more_than_the_limit_are_not_marked_at_all() -> None:
    marks = Marks()
    assert marks.add(map(str, range(MAX_MARKS)))
    assert not marks.add(["one more"])
    assert not marks.toggle("one more")
    assert marks.toggle("0")
    assert len(marks) == MAX_MARKS - 1


def test_marking_marked_tickets_changes_nothing() -> None:
    marks = Marks()
    marks.add(map(str, range(MAX_MARKS)))
    assert marks.add(["0", "1"])
    assert list(marks)[:2] == ["0", "1"]
