"""The way into the console: `supportdesk` alone, and `supportdesk replay`."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from supportdesk.cli.commands.wall import PAGES
from supportdesk.console import app
from supportdesk.console.wall import app as wall
from supportdesk.console.wall.app import WallOptions
from supportdesk.console.wall.snapshot import WallPage
from supportdesk.desk_api import DeskApi
from supportdesk.past import PastDesk
from supportdesk.watcher import hosting
from supportdesk.watcher.outside import Outside
from tests.cli.conftest import TUESDAY
from tests.cli.prompt import Prompt, call, call_in_a_shell

LEFT_WITH = 3


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Callable[[], DeskApi], dict[str, Any]]]:
    """What the console is opened with, in place of opening it; it is left with a code of its own."""
    seen: list[tuple[Callable[[], DeskApi], dict[str, Any]]] = []

    def console(
        connect: Callable[[], DeskApi], **fields: Any
    ) -> tuple[Callable[[], DeskApi], dict[str, Any]]:
        return connect, fields

    def run(console: tuple[Callable[[], DeskApi], dict[str, Any]]) -> int:
        seen.append(console)
        return LEFT_WITH

    monkeypatch.setattr(app, "Console", console)
    monkeypatch.setattr(app, "run", run)
    return seen


Opened = list[tuple[Callable[[], DeskApi], dict[str, Any]]]


def test_without_a_command_the_console_opens_on_the_desk_and_its_exit_code_is_kept(
    ann: Prompt, opened: Opened
) -> None:
    ref = ann.log()
    assert ann().code == LEFT_WITH
    [(connect, fields)] = opened
    assert fields["username"] == "ann"
    assert fields["name"] == ann.desk_name
    assert fields["files"].config.name == "config.toml"
    desk = connect()
    assert [row.ref for row in desk.queue().rows] == [ref]
    desk.close()


def test_the_console_alone_can_begin_locked(ann: Prompt, opened: Opened) -> None:
    ann.log()
    assert ann("--locked").code == LEFT_WITH
    assert opened[-1][1]["locked"]
    answer = ann("--locked", "queue")
    assert (answer.code, "--locked is for the console; leave the command out." in answer.err) == (2, True)


def test_without_a_desk_it_does_not_open_and_says_how_to_create_one(tmp_path: Path, opened: Opened) -> None:
    for line in ([], ["replay"]):
        answer = call("--db", str(tmp_path / "no.db"), *line)
        assert (answer.code, answer.out) == (1, "")
        assert "no.db init" in answer.err
    assert opened == []


def replayed(opened: Opened) -> PastDesk:
    desk = opened[-1][0]()
    assert isinstance(desk, PastDesk)
    return desk


@pytest.mark.parametrize("start", ["2026-11-24T10:12Z", "2026-11-24T10:12", "2026-11-24T12:12+02:00"])
def test_a_replay_begins_where_it_was_asked_to_and_goes_at_that_speed(
    ann: Prompt, opened: Opened, start: str
) -> None:
    ref = ann.log()
    ann.at(TUESDAY + timedelta(hours=1)).done("close", ref, "--reason", "withdrawn", "--text", "Found it")
    ann.at(TUESDAY + timedelta(hours=5))("replay", "--from", start, "--speed", "600")
    past = replayed(opened)
    past.controls.pause()
    assert past.controls.speed == 600
    past.controls.seek(datetime(2026, 11, 24, 10, 12, tzinfo=UTC))
    assert [row.ref for row in past.queue().rows] == [ref]
    assert past.controls.until == TUESDAY + timedelta(hours=5)


def test_a_replay_begins_with_the_first_event_unless_asked_otherwise(ann: Prompt, opened: Opened) -> None:
    ann.log()
    ann.at(TUESDAY + timedelta(days=2))("replay")
    past = replayed(opened)
    assert past.controls.speed == 60
    assert past.now() - TUESDAY < timedelta(hours=1)


def test_a_replay_is_refused_at_no_speed_and_from_no_instant(ann: Prompt, opened: Opened) -> None:
    for speed in ("0", "-1", "nan", "inf", "fast"):
        assert "--speed" in ann.refused("replay", "--speed", speed)
    assert "is not a date or time" in ann.refused("replay", "--from", "soon")
    assert "skipped" in ann.refused("replay", "--from", "2026-03-29T01:30")
    assert opened == []


@pytest.mark.parametrize("line", [[], ["replay"]])
def test_without_a_terminal_it_does_not_open_and_names_what_scripts_use(ann: Prompt, line: list[str]) -> None:
    answer = call_in_a_shell("--db", ann.address, "--as", "ann", *line)
    assert (answer.code, answer.out) == (2, "")
    assert "needs a terminal" in answer.err
    assert "supportdesk queue" in answer.err


def test_the_wall_opens_with_the_options_of_the_command_line(
    ann: Prompt, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[dict[str, Any]] = []

    def run(connect: Callable[[], DeskApi], **fields: Any) -> int:
        seen.append(fields)
        return LEFT_WITH

    monkeypatch.setattr(wall, "run", run)
    monkeypatch.setattr("supportdesk.cli.commands.wall.require_terminal", lambda: None)
    assert ann("wall").code == LEFT_WITH
    assert ann("wall", "--every", "30", "--page", "month", "--summaries").code == LEFT_WITH
    assert [each["options"] for each in seen] == [
        WallOptions(),
        WallOptions(30, WallPage.MONTH, summaries=True),
    ]
    assert {fields["name"] for fields in seen} == {ann.desk_name}


def test_the_wall_offers_every_page_that_there_is() -> None:
    assert tuple(map(str, WallPage)) == PAGES


def test_the_wall_needs_a_terminal(ann: Prompt) -> None:
    answer = ann("wall")
    assert (answer.code, answer.out) == (2, "")
    assert "needs a terminal" in answer.err


def test_a_console_that_watches_sends_by_the_methods_of_the_settings_and_no_links_as_it_serves_none(
    ann: Prompt, opened: Opened, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = tmp_path / "config.toml"
    settings.write_text(
        '[watcher]\nlink_base = "https://desk.example.com"\n[watcher.methods.sms]\ncommand = ["true"]\n'
    )
    hosted: list[Outside] = []
    monkeypatch.setattr(hosting, "start_watcher", lambda *args, outside: hosted.append(outside))
    assert ann("--config", str(settings)).code == LEFT_WITH
    opened[0][1]["watching"].start()
    assert hosted[0].find_methods() == ("sms",)
    assert hosted[0].find_link is None
