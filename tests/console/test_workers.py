"""Workers of screens: none leaves a coroutine behind that is never awaited."""

from __future__ import annotations

import ast
import gc
import warnings
from pathlib import Path

import supportdesk.console
from supportdesk.console.workers import start_worker
from tests.console.fixtures.morning import morning_desk
from tests.console.harness.console import running


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
