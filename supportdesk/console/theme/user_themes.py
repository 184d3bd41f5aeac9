"""The operator's own themes: a file `NAME.toml` each, with the colours that differ.

    dark = true

    [colours]
    background = "#101418"
    accent = "#5fd7ff"

Colours that are left out are derived from the others, or come from the built-in dark or light theme.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec
from textual.color import Color, ColorParseError
from textual.theme import BUILTIN_THEMES, Theme

from supportdesk.console.theme.builtin import DARK, LIGHT, THEMES
from supportdesk.toml_file.document import Fault, UnreadableError, describe_fault, read_toml

RESERVED_NAMES = {*BUILTIN_THEMES, *(theme.name for theme in THEMES)}
TEXTUAL_COLOURS = (
    *("primary", "secondary", "accent", "warning", "error", "success"),
    *("foreground", "background", "surface", "panel"),
)
"""The colours of every Textual theme."""
OWN_COLOURS = (
    *("quiet", "faint", "rule", "cursor-ground", "cursor-ground-blurred", "flash-ground"),
    *("due-soon", "at-risk", "breached", "alarm-ground", "alarm-ground-cursor", "alarm-text"),
)
"""The colours that only the console has; see `builtin`."""


class UserTheme(msgspec.Struct, frozen=True):
    """The contents of a theme file: the theme, None if the file is unusable, and its faults, one line each."""

    path: Path
    theme: Theme | None
    faults: tuple[str, ...] = ()


def read_themes(folder: Path) -> list[UserTheme]:
    """Read every theme in a folder, which need not exist."""
    return [read_theme(path) for path in sorted(folder.glob("*.toml"))]


def read_theme(path: Path) -> UserTheme:
    """Read the theme in a file; invalid colours are left out and reported."""
    try:
        text, document = read_toml(path)
    except UnreadableError as error:
        return UserTheme(path, None, (describe_fault(path, error.fault),))
    if path.stem in RESERVED_NAMES or not re.fullmatch(r"[\w-]+", path.stem):
        fault = Fault(
            "", "the file name cannot be used: it is reserved, or not only letters, digits and dashes"
        )
        return UserTheme(path, None, (describe_fault(path, fault),))
    given, faults = _parse_colours(document)
    theme = _build_theme(path.stem, given, dark=document.get("dark") is not False)
    return UserTheme(path, theme, tuple(describe_fault(path, fault, text) for fault in faults))


def _parse_colours(document: Mapping[str, Any]) -> tuple[dict[str, Color], list[Fault]]:
    faults = [
        Fault(f"$.{name}", "is not a theme setting; those are dark and [colours]")
        for name in document.keys() - {"dark", "colours"}
    ]
    if not isinstance(document.get("dark", True), bool):
        faults.append(Fault("$.dark", "must be true or false"))
    colours = document.get("colours", {})
    if not isinstance(colours, dict):
        return {}, [*faults, Fault("$.colours", "must be a table: write [colours] and a line for each")]
    good: dict[str, Color] = {}
    for name, value in colours.items():
        place = f"$.colours.{name}"
        if name not in (*TEXTUAL_COLOURS, *OWN_COLOURS):
            faults.append(
                Fault(
                    place, f"is not a theme colour; those are {', '.join((*TEXTUAL_COLOURS, *OWN_COLOURS))}"
                )
            )
            continue
        try:
            good[name] = Color.parse(str(value))
        except ColorParseError:
            faults.append(Fault(place, f"{str(value)[:40]!r} is not a colour; write one such as #7aa2f7"))
    return good, faults


def _build_theme(name: str, given: dict[str, Color], *, dark: bool) -> Theme:
    base = DARK if dark else LIGHT
    colours = {**{each: Color.parse(getattr(base, each)) for each in TEXTUAL_COLOURS}, **given}
    colours |= (
        {each: Color.parse(base.variables[each]) for each in OWN_COLOURS}
        | dict(_derive_colours(colours))
        | given
    )
    hexes = {each: colour.hex6 for each, colour in colours.items()}
    textuals: dict[str, Any] = {each: hexes[each] for each in TEXTUAL_COLOURS}
    variables = {**{each: hexes[each] for each in OWN_COLOURS}, **_scrollbar_colours(hexes)}
    return Theme(name=name, dark=dark, variables=variables, **textuals)


def _derive_colours(colours: Mapping[str, Color]) -> Iterator[tuple[str, Color]]:
    """Yield the colours derived from those of text, background, accent and alarm."""
    ground, text = colours["background"], colours["foreground"]
    yield from (
        (name, ground.blend(text, share))
        for name, share in (
            *(("surface", 0.04), ("panel", 0.08), ("rule", 0.12), ("cursor-ground-blurred", 0.07)),
            *(("quiet", 0.62), ("faint", 0.38), ("flash-ground", 0.2)),
        )
    )
    yield "cursor-ground", ground.blend(colours["accent"], 0.22)
    yield "at-risk", colours["warning"]
    yield "breached", colours["error"]


def _scrollbar_colours(hexes: Mapping[str, str]) -> dict[str, str]:
    """Return the variables for scrollbars and cursors, which a theme cannot choose."""
    ground, rule, faint = hexes["background"], hexes["rule"], hexes["faint"]
    return {
        "scrollbar": rule,
        "scrollbar-hover": faint,
        "scrollbar-active": faint,
        **dict.fromkeys(
            (
                *("scrollbar-background", "scrollbar-background-hover", "scrollbar-background-active"),
                *("scrollbar-corner-color", "footer-background", "block-cursor-foreground"),
            ),
            ground,
        ),
        "block-cursor-background": hexes["accent"],
    }
