"""Settings are read from their file; a faulty one is left out and reported with its line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supportdesk.resources import data_path
from supportdesk.settings.files import SettingsFiles, settings_files
from supportdesk.settings.load import LoadedSettings, load_settings
from supportdesk.settings.partial_decode import decode_valid_parts
from supportdesk.settings.settings import (
    DEFAULTS,
    NoticeSettings,
    PaneSettings,
    Settings,
    UserColumn,
    UserView,
)
from supportdesk.settings.state import UiState, load_state, save_state
from supportdesk.toml_file.document import Fault

WHOLE = """\
theme = "supportdesk-light"
timezone = "Europe/Berlin"
bell = ["critical", "high"]
columns = [{ name = "reference" }, { name = "summary", width = 60 }]

[keys]
ticket.claim = "y"
"desk.filter" = "slash"

[[views]]
name = "Printers"
filter = "printer"

[notices]
by = "osc9"
of = ["page"]

[pane]
place = "below"
height = 40
"""


def loaded(tmp_path: Path, text: str) -> LoadedSettings:
    path = tmp_path / "config.toml"
    path.write_text(text, encoding="utf-8")
    return load_settings(path)


def test_everything_that_can_be_set_is_read(tmp_path: Path) -> None:
    read = loaded(tmp_path, WHOLE)
    assert read.fault_lines() == []
    assert read.settings == Settings(
        theme="supportdesk-light",
        timezone="Europe/Berlin",
        bell=("critical", "high"),
        keys={"ticket.claim": "y", "desk.filter": "slash"},
        views=(UserView("Printers", "printer"),),
        columns=(UserColumn("reference"), UserColumn("summary", 60)),
        notices=NoticeSettings("osc9", ("page",)),
        pane=PaneSettings("below", height=40),
    )


def test_a_file_that_is_not_there_leaves_everything_as_it_is(tmp_path: Path) -> None:
    assert load_settings(tmp_path / "config.toml") == LoadedSettings(tmp_path / "config.toml")


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [
        ("theme = 3", 1, "theme: give a text in quotes, not a whole number"),
        ("\ntimezone = 'Europe/Atlantis'", 2, "'Europe/Atlantis' is not a time zone"),
        ("[pane]\nwidth = 95", 2, "[pane] width: give a whole number up to 80"),
        (
            "[pane]\nplace = 'above'",
            2,
            "[pane] place: 'above' is not one of auto, beside, below; use one of these",
        ),
        (
            "[notices]\n\nby = 'pigeon'",
            3,
            "[notices] by: 'pigeon' is not one of off, osc9, osc777; use one of these",
        ),
        ("colour = 'red'", 1, "colour: is not a setting; settings here: attachments, bell, columns, keys,"),
        ("[pane]\nsize = 3", 2, "[pane] size: is not a setting; settings here: height, place, width"),
        ("[[views]]\nname = 'A'", 1, "views number 1: filter is missing; add it"),
        ("views = [3]", 1, "views number 1: give a table, not a whole number"),
        ("[keys]\nticket.claim = 4", 2, "[keys] ticket.claim: give a text in quotes, not a whole number"),
        ("keys = 'all'", 1, "keys: give a table, not a text in quotes"),
        (
            "[[views]]\nname = 'A'\nfilter = ''\n[[views]]\nname = 'a'\nfilter = ''",
            5,
            "[[views]] number 2, name: 'a' is used twice; rename one",
        ),
    ],
)
def test_a_fault_is_reported_with_its_line_and_what_to_do(
    tmp_path: Path, text: str, line: int, told: str
) -> None:
    faults = loaded(tmp_path, text).fault_lines()
    assert len(faults) == 1
    assert faults[0].startswith(f"{tmp_path / 'config.toml'}, line {line}: ")
    assert told in faults[0]


def test_what_is_not_toml_is_reported_with_its_line(tmp_path: Path) -> None:
    read = loaded(tmp_path, "theme = 'a'\nbell = [")
    assert read.settings == DEFAULTS
    assert "is not TOML at line 2" in read.fault_lines()[0]


@pytest.mark.parametrize(
    "key",
    ["a." * 50_000 + "b", '"a" . ' * 50_000 + "b", "'a'." * 50_000 + "b"],
    ids=["bare", "quoted", "literal"],
)
def test_a_key_of_very_many_parts_is_not_waited_for(tmp_path: Path, key: str) -> None:
    for text in (f"[{key}]", f"[[{key}]]", f"{key} = 1", f"theme = 'a'\nkeys = {{{key} = 1}}"):
        assert loaded(tmp_path, text).faults == (Fault("", "is nested too deeply; reduce the nesting"),)


def test_a_file_that_would_take_long_to_read_is_not_read(tmp_path: Path) -> None:
    (fault,) = loaded(tmp_path, f"views = [{'1,' * 600_000}]").faults
    assert fault.reason == "cannot be read: it has more than 1 MiB"


def test_a_fault_hides_no_other_and_costs_no_more_than_itself(tmp_path: Path) -> None:
    read = loaded(
        tmp_path,
        "theme = 1\nbell = ['critical', 2]\n[pane]\nwidth = 1\nheight = 50\n"
        "[[views]]\nname = ''\nfilter = 'x'\n[[views]]\nname = 'Good'\nfilter = 'y'\n",
    )
    assert [fault.place for fault in read.faults] == [
        "$.theme",
        "$.bell[1]",
        "$.pane.width",
        "$.views[0].name",
    ]
    assert read.settings == Settings(
        bell=("critical",), pane=PaneSettings(height=50), views=(UserView("Good", "y"),)
    )


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from(Settings.__struct_fields__), JSON))
def test_whatever_stands_in_a_file_the_console_gets_settings(document: dict[str, Any]) -> None:
    settings, faults = decode_valid_parts(document, Settings)
    for name, value in document.items():
        if all(not fault.place.startswith(f"$.{name}") for fault in faults):
            assert decode_valid_parts({name: value}, Settings) == (
                Settings(**{name: getattr(settings, name)}),
                [],
            )


def test_the_example_sets_nothing_as_it_stands_and_is_good_with_all_of_it_set(tmp_path: Path) -> None:
    example = data_path("config.toml").read_text(encoding="utf-8")
    assert loaded(tmp_path, example) == LoadedSettings(tmp_path / "config.toml", text=example)
    lines = [line[1:] if line[:1] == "#" and line[:2] != "# " else line for line in example.splitlines()]
    read = loaded(tmp_path, "\n".join(lines))
    assert read.fault_lines() == []
    assert [name for name in Settings.__struct_fields__ if name not in read.document] == []


def test_another_file_can_be_named_and_its_themes_lie_beside_it(tmp_path: Path) -> None:
    files = settings_files(str(tmp_path / "mine.toml"))
    assert (files.config, files.themes) == (tmp_path / "mine.toml", tmp_path / "themes")


def test_the_files_lie_where_the_system_keeps_such_things(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    assert settings_files() == SettingsFiles(
        tmp_path / "config" / "supportdesk" / "config.toml",
        tmp_path / "state" / "supportdesk" / "console.toml",
    )


@pytest.mark.parametrize(
    "chosen",
    [
        UiState(),
        UiState("nord"),
        UiState("x-1", PaneSettings("beside", 30, 60)),
        UiState(None, PaneSettings(width=44)),
    ],
)
def test_what_was_chosen_is_recalled(tmp_path: Path, chosen: UiState) -> None:
    path = tmp_path / "state" / "console.toml"
    save_state(path, UiState("before"))
    save_state(path, chosen)
    assert load_state(path) == chosen
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("text", ["", "theme = ", "theme = 4\n[pane]\nwidth = 'x'", "\x00"])
def test_a_memory_that_was_spoilt_is_no_memory(tmp_path: Path, text: str) -> None:
    path = tmp_path / "console.toml"
    path.write_text(text)
    assert load_state(path) == UiState()
