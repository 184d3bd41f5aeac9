"""Pictures of the console with settings: a user theme, the palette of themes, the ticket below the queue."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from unittest.mock import patch

import pytest
from textual.command import CommandPalette
from textual.pilot import Pilot

from supportdesk.console.app import Console
from supportdesk.console.main import ticker
from supportdesk.settings.files import SettingsFiles
from tests.console.fixtures.morning import OPERATOR, morning_desk
from tests.console.harness.dialog import until
from tests.console.harness.pictures import THEMES, WIDE, in_every_look

Compare = Callable[..., bool]
TALL = (100, 60)

DUSK = """\
[colours]
background = "#1b1030"
foreground = "#e8dcf4"
accent = "#ff9de2"
"""


@pytest.fixture(autouse=True)
def _time_stands_still() -> Iterator[None]:
    with patch.object(ticker, "SECOND", 3600.0):
        yield


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SettingsFiles:
    """Return settings in the current folder, so that no picture shows where the tests ran."""
    monkeypatch.chdir(tmp_path)
    Path("themes").mkdir()
    Path("themes/dusk.toml").write_text(DUSK)
    return SettingsFiles(Path("config.toml"), Path("console.toml"))


def taken(
    compare: Compare,
    files: SettingsFiles,
    size: tuple[int, int],
    script: Callable[[Pilot[None]], Awaitable[None]] | None = None,
) -> bool:
    """Return whether the console looks as before, after its desk is open and a script has run."""
    console = Console(morning_desk, username=OPERATOR, name="desk@pg-main", files=files)

    async def play(pilot: Pilot[None]) -> None:
        await until(
            pilot, lambda: console.queue_screen is not None and console.queue_screen.session is not None
        )
        screen = console.queue_screen
        assert screen is not None
        await until(
            pilot, lambda: screen.ticket_pane.context is None or screen.ticket_pane.context.view is not None
        )
        if script is not None:
            await script(pilot)
            await pilot.pause()

    return compare(console, terminal_size=size, run_before=play)


@pytest.mark.parametrize("theme", THEMES)
def test_a_tall_terminal_shows_the_ticket_below_the_queue(
    theme: str, files: SettingsFiles, snap_compare: Compare
) -> None:
    files.config.write_text(f'theme = "{theme}"')
    assert taken(snap_compare, files, TALL)


def test_the_ticket_can_be_had_below_on_a_wide_terminal(files: SettingsFiles, snap_compare: Compare) -> None:
    files.config.write_text('[pane]\nplace = "below"\nheight = 55\n')
    assert taken(snap_compare, files, WIDE)


def test_a_theme_of_ones_own_needs_three_colours(files: SettingsFiles, snap_compare: Compare) -> None:
    files.config.write_text('theme = "dusk"')
    assert taken(snap_compare, files, WIDE)


@in_every_look({"themes": (CommandPalette,)}, in_one_run=False)
def test_the_choice_of_themes_begins_with_ours(
    picture: str, size: tuple[int, int], theme: str, files: SettingsFiles, snap_compare: Compare
) -> None:
    files.config.write_text(f'theme = "{theme}"')

    async def choose(pilot: Pilot[None]) -> None:
        await pilot.press("f9")
        offered = pilot.app.screen.query("CommandList")
        await until(pilot, lambda: any(getattr(each, "option_count", 0) > 5 for each in offered))
        # The cursor would blink.
        pilot.app.screen.query_one("CommandInput").cursor_blink = False  # type: ignore[attr-defined]

    assert taken(snap_compare, files, size, choose)
