"""Closed tickets in the queue: only where a filter names them, the latest first, and with their limit."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec import structs
from msgspec.structs import replace

from supportdesk.console.queue.closed_tickets import NEWEST, ClosedTickets
from supportdesk.console.queue.empty_text import empty_text
from supportdesk.console.queue.model import QueueModel
from supportdesk.console.queue.views import View
from supportdesk.settings.files import SettingsFiles
from supportdesk.sla.clocks import ClockKind
from supportdesk.store.read_models import QueueRow
from supportdesk.tickets.documents import Organisation
from supportdesk.tickets.process.closure import Close
from tests.console.fixtures.morning import morning_desk
from tests.console.fixtures.queue_rows import a_row, stopped
from tests.console.harness.console import Running, running
from tests.console.harness.dialog import typed_ahead
from tests.console.main.test_console import RESOLVED
from tests.console.queue.test_filter_bar import EXPORT, hint, shown, typed
from tests.console.queue.test_model import a_model, drawn, read


def closed(ref: str, severity: str = "high", at: int = 1_000, **more: object) -> QueueRow:
    """A ticket that was resolved at an instant and is closed."""
    row = a_row(ref, severity, received_at=at - 600, stage="resolved")
    return structs.replace(row, stage="closed", resolution=stopped(ClockKind.RESOLUTION, at), **more)


def with_closed(*rows: QueueRow) -> QueueModel:
    """A queue with an open High and a resolved Low, and closed tickets that have been read."""
    model = a_model(a_row("OPEN", "high"), a_row("DONE", "low", stage="resolved"), now=9_000)
    model.apply_filter(read("is:closed"))
    model.load_closed(rows)
    return model


def test_closed_tickets_are_shown_where_a_filter_names_them_the_latest_first() -> None:
    model = a_model(a_row("OPEN", "high"), now=9_000)
    model.apply_filter(read("is:closed"))
    assert empty_text(model) == "Loading closed tickets …"
    model.load_closed([closed("C", at=3_000), closed("B", "critical", at=2_000), closed("A", at=1_000)])
    assert drawn(model) == ["[critical]", "B", "", "[high]", "C", "A"]
    model.apply_filter(read("is:closed,open"))
    assert {"A", "B", "C", "OPEN"} <= set(drawn(model))
    model.apply_filter(read("is:open"))
    assert drawn(model) == ["[high]", "OPEN"]
    model.apply_filter(read(""))
    assert "A" not in drawn(model)


def test_further_terms_narrow_closed_tickets() -> None:
    model = with_closed(closed("A", summary="export"), closed("B", owner="ann", owner_name="Ann"))
    for text, refs in (
        ("is:closed exp", {"A"}),
        ("is:closed export", {"A"}),
        ("is:closed owner:me or is:resolved", {"B", "DONE"}),
        ("-is:closed exp", set()),
    ):
        model.apply_filter(read(text))
        assert {ref for ref in drawn(model) if ref and "[" not in ref} == refs


def test_a_ticket_that_is_closed_or_reopened_enters_or_leaves_the_filter() -> None:
    model = with_closed(closed("A"))
    model.apply_changes([structs.replace(closed("OPEN", at=8_000), changed_seq=5)], 9_000)
    assert drawn(model) == ["[high]", "OPEN", "A"]
    model.find("A")
    model.apply_changes([structs.replace(a_row("A", "high", stage="resolution"), changed_seq=6)], 9_000)
    assert drawn(model) == ["[high]", "OPEN"]
    assert model.ticket is not None
    model.apply_filter(read("is:open"))
    assert drawn(model) == ["[high]", "A"]


def test_a_ticket_of_a_later_moment_of_a_replay_is_not_a_closed_one() -> None:
    model = with_closed()
    model.apply_changes([structs.replace(closed("LATER", at=20_000), changed_seq=7)], 9_000)
    assert "LATER" not in drawn(model)


def test_a_view_of_closed_tickets_counts_them_once_they_are_loaded() -> None:
    model = a_model(a_row("OPEN", "high"), now=9_000)
    model.set_views([*model.index.views, View("Gone", read("is:closed severity:high"))])
    assert model.index.view_counts["Gone"] == 0
    model.load_closed([closed("A"), closed("B", "low")])
    assert model.index.view_counts["Gone"] == 1
    model.select_view("Gone")
    assert drawn(model) == ["[high]", "A"]
    model.apply_changes([structs.replace(closed("OPEN", at=8_000), changed_seq=5)], 9_000)
    assert model.index.view_counts["Gone"] == 2


def test_only_the_newest_closed_tickets_are_searched_and_that_is_said() -> None:
    entry = with_closed(closed("A")).index.entry("A")
    assert entry is not None
    tickets = ClosedTickets()
    assert tickets.count_text(0) == "loading …"

    def numbered(number: int) -> object:
        return structs.replace(entry, row=structs.replace(entry.row, ref=str(number)))

    tickets.load(numbered(number) for number in range(NEWEST))  # type: ignore[misc]
    assert tickets.count_text(3) == "3 of 500 closed"
    tickets.add(numbered(NEWEST))  # type: ignore[arg-type]
    assert tickets.count_text(3) == "3 of newest 500"
    assert len(tickets.entries) == NEWEST
    assert str(NEWEST - 1) not in tickets.entries
    tickets.load(numbered(number) for number in range(NEWEST + 1))  # type: ignore[misc]
    assert tickets.count_text(1_200) == "1,200 of newest 500"
    assert str(NEWEST) not in tickets.entries


def count(it: Running) -> str:
    """What stands beside the filter."""
    return str(it.screen.filter_bar._count.render())


async def test_closed_tickets_are_loaded_when_a_filter_names_them() -> None:
    desk = morning_desk()
    assert desk.do_as("sam", Close(RESOLVED, "confirmed")) == RESOLVED
    async with running(desk) as it:
        assert "closed_tickets" not in it.desk.calls
        await typed(it, "is:closed")
        await it.until(lambda: shown(it) == {RESOLVED})
        assert count(it) == "1 of 1 closed"
        it.desk.do_as("sam", Close(EXPORT, "withdrawn", "not needed"))
        await it.until(lambda: shown(it) == {RESOLVED, EXPORT})
        await it.press("enter", "escape")
        assert RESOLVED not in shown(it)
        assert it.desk.calls.count("closed_tickets") == 1


async def sought(it: Running, text: str) -> None:
    """Types after `'`."""
    typed_ahead(it.pilot, "<apostrophe>", text)
    await it.until(lambda: it.screen.filter_bar.text == text)
    await it.rest()


async def test_a_search_for_closed_tickets_in_a_view_without_them_refers_to_the_filter() -> None:
    desk = morning_desk()
    desk.do_as("sam", Close(RESOLVED, "confirmed"))
    async with running(desk) as it:
        await sought(it, "is:closed")
        assert hint(it).endswith("closed tickets are not in this view; / with is:closed lists them")
        await it.press("enter")
        assert it.screen.filter_bar.is_typed_in
        await it.press("escape")
        await typed(it, "is:closed")
        await it.until(lambda: shown(it) == {RESOLVED})
        await it.press("enter")
        await sought(it, "is:closed")
        assert "not in this view" not in hint(it)
        assert it.screen.queue.model is not None
        assert it.screen.queue.model.ticket.row.ref == RESOLVED  # type: ignore[union-attr]


async def test_an_own_view_can_include_closed_tickets(tmp_path: Path) -> None:
    files = SettingsFiles(tmp_path / "config.toml", tmp_path / "state.toml")
    files.config.write_text('[[views]]\nname = "Gone"\nfilter = "is:closed or overdue"\n')
    desk = morning_desk()
    desk.do_as("sam", Close(RESOLVED, "confirmed"))
    async with running(desk, files=files) as it:
        model = it.screen.queue.model
        assert model is not None
        await it.until(lambda: RESOLVED in it.screen.queue.model.index.closed.entries)  # type: ignore[union-attr]
        it.screen.select_view("Gone")
        assert RESOLVED in shown(it)
        assert "closed tickets" not in it.foot
        it.screen.select_view("All open")
        model.index.closed.are_all = False
        it.screen.select_view("Gone")
        assert "Only the newest 1 closed tickets are searched." in it.foot


async def test_an_unknown_customer_is_reported_and_one_without_tickets_is_not() -> None:
    async with running(morning_desk()) as it:
        await typed(it, "org:zzyzx")
        await it.until(lambda: 'unknown customer "zzyzx"' in hint(it))
        await it.press("escape")
        it.desk.records = replace(
            it.desk.records,
            organisations={**it.desk.records.organisations, "zz": Organisation("zz", "Zzyzx Ltd")},
        )
        await typed(it, "org:zzyzx")
        await it.rest()
        assert "no customer" not in hint(it)
        assert shown(it) == set()
        await it.press("escape")
        await typed(it, "contact:nobodyy")
        await it.until(lambda: 'unknown contact "nobodyy"' in hint(it))


@pytest.mark.parametrize("text", ["owner:karren", "team:nowhere", "channel:pigeon"])
async def test_an_unknown_name_is_reported(text: str) -> None:
    async with running(morning_desk()) as it:
        await typed(it, text)
        assert f'"{text.partition(":")[2]}"; ' in hint(it)


async def test_an_unfinished_filter_is_an_error_only_when_it_is_entered() -> None:
    async with running(morning_desk()) as it:
        await typed(it, "export or ")
        assert hint(it).startswith("severity:")
        await it.press("enter")
        assert "or needs a condition on each side" in hint(it)
        await it.press("escape")
        for text in ("export or (", "("):
            await it.press("escape")
            await typed(it, text)
            assert hint(it).startswith("severity:")
        await it.press("enter")
        assert "this bracket is not closed" in hint(it)


@pytest.mark.parametrize("size", [(160, 50), (80, 24)])
async def test_the_count_of_searched_closed_tickets_is_shown_in_full(size: tuple[int, int]) -> None:
    async with running(morning_desk(), size=size) as it:
        await typed(it, "is:closed")
        assert it.screen.filter_bar._count.content_size.width >= len("1,200 of newest 500")
