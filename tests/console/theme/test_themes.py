"""The colours of states, in terminals with all colours and with sixteen."""

import pytest
from rich.color import Color, ColorSystem
from textual.theme import Theme

from supportdesk.console.app import Console
from supportdesk.console.theme.builtin import DARK, LIGHT, THEMES
from supportdesk.desk_api import DeskApi

RED, BRIGHT_RED = 1, 9
YELLOWS = {3, 11}


def shown_in_sixteen(theme: Theme, name: str) -> int | None:
    return Color.parse(theme.variables[name]).downgrade(ColorSystem.STANDARD).number


def test_with_sixteen_colours_only_what_is_breached_is_red() -> None:
    assert shown_in_sixteen(DARK, "breached") == BRIGHT_RED
    assert shown_in_sixteen(DARK, "alarm-ground") == RED
    assert shown_in_sixteen(DARK, "alarm-ground-cursor") in {RED, BRIGHT_RED}
    assert {shown_in_sixteen(DARK, name) for name in ("due-soon", "at-risk")} <= YELLOWS


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_at_risk_and_breached_differ_in_every_theme(theme: Theme) -> None:
    assert shown_in_sixteen(theme, "at-risk") != shown_in_sixteen(theme, "breached")


def nowhere() -> DeskApi:
    raise AssertionError("no desk is needed to choose a theme")


@pytest.mark.parametrize(
    ("wanted", "theme"), [(LIGHT.name, LIGHT.name), ("nord", "nord"), ("no-such-theme", DARK.name)]
)
def test_the_environment_chooses_a_theme_and_an_unknown_one_is_ignored(
    monkeypatch: pytest.MonkeyPatch, wanted: str, theme: str
) -> None:
    monkeypatch.setenv("TEXTUAL_THEME", wanted)
    assert Console(nowhere, username="ann", name="desk").theme == theme
