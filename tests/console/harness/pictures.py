"""The four looks of every picture: two sizes of the terminal, each dark and light."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar
from unittest.mock import patch

import pytest
from textual._doc import take_svg_screenshot
from textual.app import App
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Input, TextArea

from supportdesk.console.theme.builtin import DARK, LIGHT
from tests.console.harness.dialog import until

WIDE, SMALL = (160, 50), (80, 24)
SIZES = {"160x50": WIDE, "80x24": SMALL}
THEMES = {theme.name: theme for theme in (DARK, LIGHT)}

Place = type[Screen[Any]] | type[App[Any]]
"""What a picture is of: a screen, or a program that is a single one."""
Test = TypeVar("Test", bound=Callable[..., object])

Script = Callable[[Pilot[Any]], Awaitable[None]]
Look = tuple[Path, str, str, tuple[int, int], str]
"""A file, a test, a picture, a size and a theme."""

_kept: set[Place] = set()
_taken: dict[Look, str] = {}
"""Pictures of the other theme, until the tests that compare them take them."""


def in_every_look(
    pictures: Mapping[str, tuple[Place, *tuple[Any, ...]]], *, in_one_run: bool = True
) -> Callable[[Test], Test]:
    """Takes each picture in all four looks, and holds it to the place that it is said to show: the first it is told by.

    The test is given the `picture`'s name, a `size` and the name of a `theme`. The pictures of both themes are taken
    `in_one_run` of the program, unless they say which theme there is or keep the colours in which they were opened.
    """
    places = {name: told[0] for name, told in pictures.items()}

    def taken(test: Test) -> Test:
        _kept.update(places.values())
        for mark in (
            pytest.mark.shows(places, in_one_run=in_one_run),
            pytest.mark.parametrize("picture", places),
            pytest.mark.parametrize("size", SIZES.values(), ids=SIZES),
            pytest.mark.parametrize("theme", THEMES),
        ):
            test = mark(test)
        return test

    return taken


def kept() -> frozenset[Place]:
    """Return the places of which the imported tests have pictures in all four looks."""
    return frozenset(_kept)


def told_to_show(item: pytest.Item) -> Place | None:
    """Return the place that a test's picture must show; None for any."""
    mark = item.get_closest_marker("shows")
    if mark is None:
        return None
    assert isinstance(item, pytest.Function)
    places: Mapping[str, Place] = mark.args[0]
    picture: Any = item.callspec.params["picture"]
    return places[picture]


def shows(pilot: Pilot[Any], place: Place) -> bool:
    """Return whether a place is on the screen."""
    return isinstance(pilot.app.screen, place) or isinstance(pilot.app, place)


@contextmanager
def without_blinking() -> Iterator[None]:
    """Leave the cursors of fields visible, however long a program runs until its picture is taken."""

    def keep(_: Widget) -> None:
        pass

    with (
        patch.object(Input, "_toggle_cursor", keep),
        patch.object(TextArea, "_toggle_cursor_blink_visible", keep),
    ):
        yield


def group_of(item: pytest.Item) -> str | None:
    """Return a name for the two tests of a picture, dark and light; None for a test that has no other."""
    look = _look(item)
    if look is None:
        return None
    path, test, picture, size, _ = look
    return f"{path.stem} {test} {picture} {size}"


def take_both_themes(item: pytest.Item, app: App[Any], size: tuple[int, int], script: Script) -> str:
    """Return the picture of a test. The program is run once for both themes; the other picture waits for its test."""

    async def play(pilot: Pilot[Any]) -> None:
        await script(pilot)
        await until(pilot, lambda: is_laid_out(pilot.app.screen))

    look = _look(item)
    if look is None:
        return take_svg_screenshot(app=app, terminal_size=size, run_before=play)
    if look in _taken:
        return _taken.pop(look)
    (other,) = THEMES.keys() - {look[-1]}
    first, title = "", app.title

    async def take_first(pilot: Pilot[Any]) -> None:
        nonlocal first
        await play(pilot)
        await pilot.wait_for_scheduled_animations()
        await pilot.pause()
        first = app.export_screenshot(title=title, simplify=True)
        app.register_theme(THEMES[other])
        app.theme = other

    _taken[*look[:-1], other] = take_svg_screenshot(app=app, terminal_size=size, run_before=take_first)
    return first


def is_laid_out(screen: Screen[Any]) -> bool:
    """Return whether no part of a screen waits to be laid out, once the messages that ask for it are handled."""
    return not any(widget._layout_required for widget in (screen, *screen.query("*")))


def _look(item: pytest.Item) -> Look | None:
    """Return what a picture is of, its theme last; None where the themes are not in one run."""
    mark = item.get_closest_marker("shows")
    if mark is None or not mark.kwargs["in_one_run"]:
        return None
    assert isinstance(item, pytest.Function)
    parameters: Mapping[str, Any] = item.callspec.params
    return item.path, item.originalname, parameters["picture"], parameters["size"], parameters["theme"]
