"""A time of today is said with `at`, any other with `on`: `at 09:30 GMT`, `on Tue 24 Nov 2026 09:42 GMT`."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import supportdesk
from supportdesk.sla.formatting import at_near_time
from tests.console.fixtures.morning import at

DATED = {
    "full_time",
    "date_time",
    "near_time",
    "dated_time",
    "exact_time",
    "weekday_time",
    "utc_time",
    "local_time",
}


def test_a_time_of_another_day_is_said_with_on() -> None:
    now = at(24, "9:42")
    assert at_near_time(at(24, "9:30"), "Europe/London", now) == "at 09:30 GMT"
    assert at_near_time(at(25, "8:00"), "Europe/London", now) == "on Wed 08:00 GMT"
    assert at_near_time(at(2, "8:00"), "Europe/London", now) == "on 2 Nov 08:00 GMT"


def test_no_text_says_at_before_a_day() -> None:
    package = Path(supportdesk.__file__).parent
    texts = {path: path.read_text(encoding="utf-8") for path in package.rglob("*.py")}
    found = [
        f"{path.relative_to(package)}:{line}"
        for path, text in texts.items()
        if any(name in text for name in DATED)
        for line in _faults(ast.parse(text))
    ]
    assert not found, f"use at_near_time, or on: {found}"


def _faults(tree: ast.Module) -> Iterator[int]:
    """Yield the lines where a text has `at` before a time that may name a day."""
    functions = [each for each in ast.walk(tree) if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef)]
    makers = DATED | {
        each.name
        for each in functions
        if any(isinstance(part, ast.Return) and _name_of(part.value) in DATED for part in ast.walk(each))
    }
    for function in functions:
        dated = {name for part in ast.walk(function) for name in _assigned(part, makers)}
        for text in (part for part in ast.walk(function) if isinstance(part, ast.JoinedStr)):
            for before, value in zip(text.values, text.values[1:], strict=False):
                if not isinstance(before, ast.Constant) or not isinstance(value, ast.FormattedValue):
                    continue
                shown = value.value
                is_dated = _name_of(shown) in makers or (isinstance(shown, ast.Name) and shown.id in dated)
                if (
                    is_dated
                    and str(before.value).endswith((" at ", "at "))
                    and str(before.value).split()[-1] == "at"
                ):
                    yield text.lineno


def _assigned(part: ast.AST, makers: set[str]) -> Iterator[str]:
    """Yield the names to which an assignment gives what one of these functions returns."""
    if not isinstance(part, ast.Assign):
        return
    for target in part.targets:
        if isinstance(target, ast.Tuple) and isinstance(part.value, ast.Tuple):
            pairs = [*zip(target.elts, part.value.elts, strict=True)]
        else:
            pairs = [(target, part.value)]
        yield from (
            each.id for each, value in pairs if isinstance(each, ast.Name) and _name_of(value) in makers
        )


def _name_of(call: ast.expr | None) -> str:
    """Return the name of the function that is called; empty for anything else."""
    if not isinstance(call, ast.Call):
        return ""
    called = call.func
    return called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
