"""The operator's settings: keys, columns, themes, time zone, and their faults."""

from __future__ import annotations

import os
from pathlib import Path
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.widgets import Static

from supportdesk.console.app import Console
from supportdesk.console.dialogs.help_screen import HelpScreen
from supportdesk.console.forms.time_fields import InstantField
from supportdesk.console.keys.conflicts import find_conflicts
from supportdesk.console.keys.keymap import KEYS, bound_keys
from supportdesk.console.keys.names import canonical_key, is_key
from supportdesk.console.keys.overrides import validate_overrides
from supportdesk.console.preferences import store
from supportdesk.console.theme.builtin import DARK, LIGHT, THEMES
from supportdesk.console.theme.user_themes import OWN_COLOURS, TEXTUAL_COLOURS, read_theme
from supportdesk.desk_api import DeskApi
from supportdesk.settings.files import SettingsFiles
from tests.console.fixtures.morning import morning_desk
from tests.console.harness.console import Running, running
from tests.console.harness.dialog import until


@pytest.fixture
def files(tmp_path: Path) -> SettingsFiles:
    return SettingsFiles(tmp_path / "config.toml", tmp_path / "state" / "console.toml")


def nowhere() -> DeskApi:
    raise AssertionError("no desk is needed for the first look")


def first_theme(files: SettingsFiles) -> str:
    return Console(nowhere, username="ann", name="desk", files=files).theme


def notices(it: Running) -> str:
    return "\n".join(notice.message for notice in it.app._notifications)


def filters(it: Running) -> bool:
    return bool(it.screen.filter_bar.display)


def save_theme(files: SettingsFiles, name: str, text: str) -> Path:
    files.themes.mkdir(exist_ok=True)
    path = files.themes / f"{name}.toml"
    path.write_text(text, encoding="utf-8")
    return path


# Keys.


@pytest.mark.parametrize(
    "name", ["c", "X", "f3", "ctrl+p", "slash", "/", "shift+tab", "ctrl+f5", "é", "less_than_sign"]
)
def test_names_of_keys_are_accepted(name: str) -> None:
    assert is_key(name)


@pytest.mark.parametrize("name", ["", " ", "ctl+x", "shift+a", "f99", "oops", "ctrl+", "ab"])
def test_other_names_are_no_keys(name: str) -> None:
    assert not is_key(name)


def test_a_key_may_be_written_as_its_character() -> None:
    assert [canonical_key(name) for name in "/?<a7"] == ["slash", "question_mark", "less_than_sign", "a", "7"]


def test_the_default_key_of_another_action_is_refused_unless_that_is_rebound() -> None:
    good, faults = validate_overrides({"ticket.claim": "a", "ticket.reply": "ctrl+y"})
    assert good == {"ticket.reply": "ctrl+y"}
    [fault] = faults
    assert fault.place == "$.keys.ticket.claim"
    assert fault.reason == "a is bound to both ticket.claim and ticket.assign; choose another key for one"


def test_a_binding_that_depends_on_a_refused_one_is_refused_too() -> None:
    # Claim would have what filter leaves, but filter cannot go where help is.
    good, faults = validate_overrides({"ticket.claim": "slash", "desk.filter": "question_mark"})
    assert good == {}
    assert {fault.place for fault in faults} == {"$.keys.ticket.claim", "$.keys.desk.filter"}


SOME = st.dictionaries(
    st.sampled_from([key.id for key in KEYS]), st.sampled_from(["a", "c", "y", "/", "slash", "enter", "f3,w"])
)


@given(SOME)
def test_any_bindings_leave_every_key_one_action_and_report_what_is_dropped(
    overrides: dict[str, str],
) -> None:
    good, faults = validate_overrides(overrides)
    assert find_conflicts(bound_keys(good)) == []
    assert good.items() <= overrides.items()
    assert bool(faults) == (good != overrides)


async def test_a_rebound_key_works_and_is_shown_everywhere(
    files: SettingsFiles,
) -> None:
    files.config.write_text('[keys]\nticket.claim = "a"\nticket.assign = "c"\ndesk.filter = "ctrl+f,f22"\n')
    async with running(morning_desk(), files=files) as it:
        assert "c assign" in it.foot
        assert "^f filter" in it.foot
        await it.press("2", "down", "a")
        assert "you already own it" in it.foot
        await it.press("slash")
        assert not filters(it)
        await it.press("ctrl+f")
        assert filters(it)
        await it.press("escape", "question_mark")
        told = {entry.title: entry.key for entry in cast(HelpScreen, it.app.screen)._entries}
        assert (told["Claim"], told["Assign"]) == ("a", "c")


# What is wrong.


async def test_a_fault_in_the_settings_is_reported_with_its_line_and_the_rest_applies(
    files: SettingsFiles,
) -> None:
    files.config.write_text('theme = "[/oops]"\ntimezone = 4\n[keys]\nticket.claim = "ctrl+y"\n')
    async with running(morning_desk(), files=files) as it:
        assert f"{files.config}, line 1: theme: unknown theme '[/oops]'; choose" in notices(it)
        assert "1 more; `supportdesk config --check` lists them all." in notices(it)
        assert "^y claim" in it.foot
        assert it.app.theme == DARK.name


async def test_the_queue_has_the_columns_of_the_settings_and_an_unknown_one_is_reported(
    files: SettingsFiles,
) -> None:
    files.config.write_text(
        'columns = [{ name = "owner", width = 9 }, { name = "mood" }, { name = "summary" }]'
    )
    async with running(morning_desk(), files=files) as it:
        row = next(line for line in it.queue if "Search is slow" in line)
        assert row[14:].startswith("Lee Wong   Search is slow in the afternoon")
        assert "[[columns]] number 2, name: unknown column 'mood'" in notices(it)


# Themes.


def test_the_first_frame_has_the_theme_of_the_settings_or_the_last_choice(
    files: SettingsFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert first_theme(files) == DARK.name
    files.remembered.parent.mkdir()
    files.remembered.write_text('theme = "nord"')
    assert first_theme(files) == "nord"
    files.config.write_text(f'theme = "{LIGHT.name}"')
    assert first_theme(files) == LIGHT.name
    monkeypatch.setenv("TEXTUAL_THEME", "gruvbox")
    assert first_theme(files) == "gruvbox"


@pytest.mark.parametrize("text", ["theme = ", 'theme = "none"', "theme = 4", 'theme = "../dusk"', "\x00"])
def test_an_unknown_theme_leaves_the_built_in_one(files: SettingsFiles, text: str) -> None:
    files.config.write_text(text)
    assert first_theme(files) == DARK.name


def test_the_first_frame_can_have_a_user_theme(files: SettingsFiles) -> None:
    save_theme(files, "dusk", "[colours]\nbackground = '#102030'")
    files.config.write_text('theme = "dusk"')
    assert first_theme(files) == "dusk"


@pytest.mark.parametrize("dark", [True, False])
def test_a_user_theme_has_every_colour_of_the_built_in_ones(files: SettingsFiles, dark: bool) -> None:
    path = save_theme(
        files, "dusk", f"dark = {str(dark).lower()}\n[colours]\nbackground = '#102030'\nrule = 'red'"
    )
    read = read_theme(path)
    assert (read.faults, read.theme is not None) == ((), True)
    assert read.theme is not None
    assert read.theme.variables.keys() == DARK.variables.keys()
    assert all(getattr(read.theme, name) for name in TEXTUAL_COLOURS)
    assert set(OWN_COLOURS) <= read.theme.variables.keys()
    assert (read.theme.background, read.theme.variables["rule"]) == ("#102030", "#FF0000")
    assert read.theme.dark is dark


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("dark = 'no'", "line 1: dark: must be true or false"),
        ("[colours]\naccent = 'blau'", "line 2: [colours] accent: 'blau' is not a colour"),
        (
            "[colours]\n\naccnt = '#fff'",
            "line 3: [colours] accnt: is not a theme colour; those are primary,",
        ),
        ("colours = 3", "line 1: colours: must be a table"),
        ("base = 'x'", "line 1: base: is not a theme setting"),
        ("dark =", "is not TOML at line 1"),
    ],
)
def test_a_fault_in_a_theme_is_reported_with_its_line(files: SettingsFiles, text: str, told: str) -> None:
    path = save_theme(files, "dusk", text)
    read = read_theme(path)
    assert [fault.startswith(str(path)) and told in fault for fault in read.faults] == [True]


@pytest.mark.parametrize("name", ["nord", DARK.name, "a theme"])
def test_a_theme_file_with_a_reserved_or_invalid_name_is_refused(files: SettingsFiles, name: str) -> None:
    read = read_theme(save_theme(files, name, ""))
    assert read.theme is None
    assert "the file name cannot be used" in read.faults[0]


async def test_built_in_themes_are_listed_first_then_user_themes_and_the_choice_is_saved(
    files: SettingsFiles,
) -> None:
    save_theme(files, "aaa", "")
    async with running(morning_desk(), files=files) as it:
        await it.press("f9")
        provider = it.app.screen.query("CommandList")
        await until(it.pilot, lambda: any(getattr(each, "option_count", 0) > 5 for each in provider))
        offered = [str(option.prompt).split("\n")[0] for option in provider.first().options]  # type: ignore[attr-defined]
        assert offered[:5] == [*(theme.name for theme in THEMES), "aaa"]
        it.app.pop_screen()
        it.app.choose_theme("aaa")
        await it.rest()
        assert it.app.theme == "aaa"
    assert first_theme(files) == "aaa"


async def test_a_saved_theme_file_applies_at_once(
    files: SettingsFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "PAUSE", 0.01)
    path = save_theme(files, "dusk", "[colours]\nbackground = '#102030'")
    files.config.write_text('theme = "dusk"')
    async with running(morning_desk(), files=files) as it:

        def ground() -> str:
            return it.screen.queue.get_component_rich_style("queue--text").bgcolor.name  # type: ignore[union-attr]

        assert ground() == "#102030"
        path.write_text("[colours]\nbackground = '#203040'")
        os.utime(path, ns=(1, 1))
        await it.until(lambda: ground() == "#203040")
        path.write_text("[colours]\nbackground = 'dusky'")
        os.utime(path, ns=(2, 2))
        await it.until(lambda: "'dusky' is not a colour" in notices(it))


async def test_a_choice_that_cannot_be_saved_is_reported_and_applies_until_quitting(
    files: SettingsFiles,
) -> None:
    files.remembered.parent.write_text("in the way")
    async with running(morning_desk(), files=files) as it:
        it.app.choose_theme(LIGHT.name)
        await it.until(lambda: "This choice lasts until you quit" in notices(it))
        assert it.app.theme == LIGHT.name


# Times.


async def test_times_use_the_operators_time_zone_and_office_hours_the_policys(
    files: SettingsFiles,
) -> None:
    files.config.write_text('timezone = "Asia/Kolkata"')
    async with running(morning_desk(), files=files) as it:
        assert "Tue 24 Nov 15:12 IST" in it.header
        assert "Office open until 23:30 IST" in it.header
        assert "on call Priya N. until Mon 13:30" in it.header
        assert "due 14:59 IST" in it.ticket_text
        await it.press("N")
        assert {field._zone for field in it.app.screen.query(InstantField)} == {"Asia/Kolkata"}


# Dialogs.


def test_a_key_that_types_text_cannot_be_bound_in_a_form() -> None:
    good, faults = validate_overrides(
        {"form.send": "s", "dialog.leave": "f7", "confirm.yes": "j", "form.go_on": "enter"}
    )
    assert good == {"confirm.yes": "j", "form.go_on": "enter"}
    assert [fault.place for fault in faults] == ["$.keys.form.send", "$.keys.dialog.leave"]


def test_a_global_key_conflicts_with_those_of_every_dialog() -> None:
    good, faults = validate_overrides({"dialog.leave": "f4", "desk.answer": "f5", "form.send": "f5"})
    assert good == {"dialog.leave": "f4"} or not good
    assert faults
    assert [fault.place for fault in validate_overrides({"desk.answer": "Y"})[1]] == ["$.keys.desk.answer"]


def test_the_key_that_leaves_a_dialog_cannot_also_confirm() -> None:
    assert [fault.reason for fault in validate_overrides({"confirm.yes": "enter"})[1]] == [
        "enter has a fixed meaning there; choose another key"
    ]
    assert validate_overrides({"logged.copy": "f2"})[0] == {}
    assert [fault.reason for fault in validate_overrides({"confirm.yes": "escape"})[1]] == [
        "esc is bound to both dialog.leave and confirm.yes; choose another key for one"
    ]


async def test_keys_of_dialogs_can_be_rebound_and_are_shown_in_their_hints(
    files: SettingsFiles,
) -> None:
    files.config.write_text('[keys]\nform.send = "f11"\ndialog.leave = "ctrl+l"\n')
    async with running(morning_desk(), files=files) as it:
        await it.press("i")
        foot = str(it.app.screen.query_one(".keys", Static).render())
        assert "F11 save" in foot or "F11 send" in foot
        assert "^l leave" in foot
        await it.press("escape")
        assert len(it.app.screen_stack) == 3
        await it.press("ctrl+l")
        assert len(it.app.screen_stack) == 2


@pytest.mark.parametrize(
    ("name", "meant"),
    [("reply", "ticket.reply"), ("desk.Reply", "ticket.reply"), ("ticket.replay", "ticket.reply")],
)
def test_of_an_unknown_key_id_the_id_with_that_name_is_suggested(name: str, meant: str) -> None:
    _, faults = validate_overrides({name: "ctrl+y"})
    assert [each.reason for each in faults] == [f"is not the id of a key; did you mean {meant}?"]
