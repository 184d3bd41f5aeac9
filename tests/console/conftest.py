"""The console's tests see a terminal that has every sign, whatever they are run from."""

from pathlib import Path

import pytest
import pytest_textual_snapshot

from tests.svg import without_fetched_fonts

_normalize = pytest_textual_snapshot.normalize_svg
pytest_textual_snapshot.normalize_svg = lambda svg: without_fetched_fonts(_normalize(svg))


@pytest.fixture(autouse=True)
def _a_terminal_with_every_sign(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")


@pytest.fixture(autouse=True)
def _a_crash_log_of_its_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
