"""The console's tests see a terminal that has every sign, whatever they are run from."""

import pytest


@pytest.fixture(autouse=True)
def _a_terminal_with_every_sign(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
