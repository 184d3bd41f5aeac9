"""What is imported in a thread once the queue is on the screen."""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from supportdesk.console.main import preload


@pytest.mark.parametrize("name", preload.MODULES)
def test_every_module_of_the_list_is_there(name: str) -> None:
    assert find_spec(name) is not None


@pytest.fixture
def modules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str, ...]:
    """A module that cannot be imported, and one that can, as what is to be imported."""
    (tmp_path / "preload_fails.py").write_text("raise RuntimeError")
    (tmp_path / "preload_works.py").write_text("")
    monkeypatch.syspath_prepend(tmp_path)
    names = ("preload_is_missing", "preload_fails", "preload_works")
    monkeypatch.setattr(preload, "MODULES", names)
    return names


def test_a_module_that_fails_ends_nothing_and_the_others_are_imported(modules: tuple[str, ...]) -> None:
    preload.import_all(lambda: False)
    assert [name for name in modules if name in sys.modules] == ["preload_works"]
    del sys.modules["preload_works"]


def test_nothing_more_is_imported_while_the_console_closes(modules: tuple[str, ...]) -> None:
    preload.import_all(lambda: True)
    assert not [name for name in modules if name in sys.modules]
