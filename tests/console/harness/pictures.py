"""The four looks of every picture: two sizes of the terminal, each dark and light."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import pytest
from textual.app import App
from textual.pilot import Pilot
from textual.screen import Screen

from supportdesk.console.theme.builtin import DARK, LIGHT

WIDE, SMALL = (160, 50), (80, 24)
SIZES = {"160x50": WIDE, "80x24": SMALL}
THEMES = {theme.name: theme for theme in (DARK, LIGHT)}

Place = type[Screen[Any]] | type[App[Any]]
"""What a picture is of: a screen, or a program that is a single one."""
Test = TypeVar("Test", bound=Callable[..., object])

_kept: set[Place] = set()


def in_every_look(pictures: Mapping[str, tuple[Place, *tuple[Any, ...]]]) -> Callable[[Test], Test]:
    """Takes each picture in all four looks, and holds it to the place that it is said to show: the first it is told by.

    The test is given the `picture`'s name, a `size` and the name of a `theme`.
    """
    places = {name: told[0] for name, told in pictures.items()}

    def taken(test: Test) -> Test:
        _kept.update(places.values())
        for mark in (
            pytest.mark.shows(places),
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
