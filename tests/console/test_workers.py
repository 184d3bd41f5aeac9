"""What screens do in the background and later: nothing is left unawaited, nothing is lost."""

from __future__ import annotations

import ast
import asyncio
import gc
import re
import warnings
from pathlib import Path
from time import monotonic

import pytest
from textual.app import App

import supportdesk
import supportdesk.console
from supportdesk.console.workers import call_after, start_worker
from tests.console.fixtures.morning import morning_desk
from tests.console.harness.console import running
from tests.console.harness.dialog import until


async def test_a_worker_that_is_replaced_before_it_starts_leaves_no_coroutine_behind() -> None:
    done: list[str] = []

    async def work(name: str) -> None:
        done.append(name)

    async with running(morning_desk()) as it:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            for name in ("first", "second"):
                start_worker(it.screen, work, name, group="replaced", exclusive=True)
            await it.until(lambda: bool(done))
            gc.collect()
        assert done == ["second"]
        assert [str(each.message) for each in caught if "never awaited" in str(each.message)] == []


def test_every_coroutine_of_the_console_is_made_by_the_worker_that_runs_it() -> None:
    package = Path(supportdesk.console.__file__).parent
    found = [
        f"{path.relative_to(package)}:{call.lineno}"
        for path in package.rglob("*.py")
        if path.name != "workers.py"
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and call.func.attr == "run_worker"
        and not any(each.arg == "thread" for each in call.keywords)
    ]
    assert not found, f"these give run_worker a coroutine; use start_worker: {found}"


@pytest.fixture
def stand_still(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a minute go by just as each timer begins, between its first two looks at the clock."""
    begun: set[object] = set()

    def moment() -> float:
        task = asyncio.current_task()
        late = 60.0 if task in begun else 0.0
        begun.add(task)
        return monotonic() + late

    monkeypatch.setattr("textual._time.get_time", moment)


@pytest.mark.usefixtures("stand_still")
async def test_a_call_is_made_once_though_the_machine_stands_still_just_as_its_timer_begins() -> None:
    app, called = App[None](), []

    async def call() -> None:
        called.append(app)

    async with app.run_test() as pilot:
        call_after(app, 0.01, call)
        await until(pilot, lambda: bool(called))
        await asyncio.sleep(0.05)
        assert called == [app]


def test_nothing_of_the_program_waits_with_a_timer_that_may_never_call() -> None:
    package = Path(supportdesk.__file__).parent
    found = [
        f"{path.relative_to(package)}:{number}"
        for path in package.rglob("*.py")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if re.search(r"(?<!_)\bset_timer\(", line)
    ]
    assert not found, f"these may be lost; use call_after: {found}"
