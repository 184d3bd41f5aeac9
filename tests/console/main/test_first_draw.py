"""What is done before the queue is drawn for the first time, and what only after it."""

from __future__ import annotations

import threading
from collections import Counter
from typing import Any

import pytest
from textual.css.stylesheet import Stylesheet
from textual.dom import DOMNode
from textual.widget import Widget

from supportdesk.console.app import Console
from supportdesk.console.queue.filter_bar import FilterBar
from supportdesk.console.queue.painter import QueuePainter
from supportdesk.desk_api import DeskApi
from tests.console.fixtures.morning import OPERATOR, morning_desk
from tests.console.harness.console import running
from tests.console.harness.dialog import typed_ahead, until


@pytest.fixture
def styled(monkeypatch: pytest.MonkeyPatch) -> Counter[Widget]:
    """How often each widget was given its styles before the first ticket was drawn."""
    styled: Counter[Widget] = Counter()
    is_drawn = threading.Event()
    apply, row = Stylesheet.apply, QueuePainter.row

    def count(self: Stylesheet, node: DOMNode, **how: Any) -> None:
        if isinstance(node, Widget) and not is_drawn.is_set():
            styled[node] += 1
        apply(self, node, **how)

    def draw(*arguments: Any) -> Any:
        is_drawn.set()
        return row(*arguments)

    monkeypatch.setattr(Stylesheet, "apply", count)
    monkeypatch.setattr(QueuePainter, "row", draw)
    return styled


async def test_each_widget_is_given_its_styles_once_before_the_queue_is_drawn(
    styled: Counter[Widget],
) -> None:
    async with running(morning_desk()) as it:
        assert {count for widget, count in styled.items() if widget.screen is it.screen} == {1}


async def test_the_line_of_the_filter_is_mounted_only_after_the_queue_is_drawn(
    styled: Counter[Widget],
) -> None:
    async with running(morning_desk()) as it:
        bar = it.screen.filter_bar
        assert [type(widget) for widget in styled if bar in widget.ancestors_with_self] == [FilterBar]
        await it.until(lambda: bar.input.is_mounted)


async def test_what_is_typed_before_the_desk_is_open_goes_to_the_filter() -> None:
    may_open, desk = threading.Event(), morning_desk()

    def connect() -> DeskApi:
        may_open.wait()
        return desk

    console = Console(connect, username=OPERATOR, name="desk@test")
    async with console.run_test(size=(160, 50)) as pilot:
        typed_ahead(pilot, "<slash>", "export")
        may_open.set()
        await until(
            pilot,
            lambda: console.queue_screen is not None and console.queue_screen.filter_bar.text == "export",
        )
