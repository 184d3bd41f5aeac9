"""The built-in themes: colours show state and nothing else; the rest is text in three greys, and one accent.

The variables that `styles/` uses beyond Textual's own: `quiet`, `faint`, `rule`, `cursor-ground`,
`flash-ground`, `due-soon`, `at-risk`, `breached`, `alarm-ground`, `alarm-text`.

A terminal with sixteen colours shows the nearest that it has: the state colours are chosen so that `breached`, and
nothing else, is red there too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.theme import Theme

if TYPE_CHECKING:
    pass

DARK = Theme(
    name="supportdesk-dark",
    primary="#7aa2f7",
    secondary="#8b98a5",
    accent="#7aa2f7",
    warning="#e47214",
    error="#ff5f56",
    success="#7fb98a",
    foreground="#d6dce3",
    background="#0f1317",
    surface="#161b21",
    panel="#1c232b",
    dark=True,
    variables={
        "quiet": "#8d99a6",
        "faint": "#5c6773",
        "rule": "#242c35",
        "cursor-ground": "#233143",
        "cursor-ground-blurred": "#1b232d",
        "flash-ground": "#3a3f4b",
        "due-soon": "#e0b53c",
        "at-risk": "#e47214",
        "breached": "#ff5f56",
        "alarm-ground": "#c82a2d",
        "alarm-ground-cursor": "#e0453f",
        "alarm-text": "#ffffff",
        "scrollbar": "#242c35",
        "scrollbar-hover": "#5c6773",
        "scrollbar-active": "#5c6773",
        "scrollbar-background": "#0f1317",
        "scrollbar-background-hover": "#0f1317",
        "scrollbar-background-active": "#0f1317",
        "scrollbar-corner-color": "#0f1317",
        "footer-background": "#0f1317",
        "block-cursor-background": "#7aa2f7",
        "block-cursor-foreground": "#0f1317",
    },
)
LIGHT = Theme(
    name="supportdesk-light",
    primary="#1f5fbf",
    secondary="#57606a",
    accent="#1f5fbf",
    warning="#b8500a",
    error="#c4161c",
    success="#2c7a3f",
    foreground="#1d2329",
    background="#fbfbf9",
    surface="#f2f2ef",
    panel="#e9e9e5",
    dark=False,
    variables={
        "quiet": "#5b6570",
        "faint": "#8b949e",
        "rule": "#dcdcd6",
        "cursor-ground": "#d9e6f7",
        "cursor-ground-blurred": "#ebeff3",
        "flash-ground": "#fff0bf",
        "due-soon": "#946800",
        "at-risk": "#b8500a",
        "breached": "#c4161c",
        "alarm-ground": "#c4161c",
        "alarm-ground-cursor": "#9c0f14",
        "alarm-text": "#ffffff",
        "scrollbar": "#dcdcd6",
        "scrollbar-hover": "#8b949e",
        "scrollbar-active": "#8b949e",
        "scrollbar-background": "#fbfbf9",
        "scrollbar-background-hover": "#fbfbf9",
        "scrollbar-background-active": "#fbfbf9",
        "scrollbar-corner-color": "#fbfbf9",
        "footer-background": "#fbfbf9",
        "block-cursor-background": "#1f5fbf",
        "block-cursor-foreground": "#ffffff",
    },
)
CONTRAST = Theme(
    name="supportdesk-contrast",
    primary="#66b3ff",
    secondary="#e0e0e0",
    accent="#66b3ff",
    warning="#f2a400",
    error="#ff4d4d",
    success="#66ff99",
    foreground="#ffffff",
    background="#000000",
    surface="#0d0d0d",
    panel="#1a1a1a",
    dark=True,
    variables={
        "quiet": "#e0e0e0",
        "faint": "#b3b3b3",
        "rule": "#808080",
        "cursor-ground": "#003d7a",
        "cursor-ground-blurred": "#262626",
        "flash-ground": "#595900",
        "due-soon": "#ffe600",
        "at-risk": "#f2a400",
        "breached": "#ff6b6b",
        "alarm-ground": "#ff0000",
        "alarm-ground-cursor": "#b30000",
        "alarm-text": "#ffffff",
        "scrollbar": "#808080",
        "scrollbar-hover": "#b3b3b3",
        "scrollbar-active": "#b3b3b3",
        "scrollbar-background": "#000000",
        "scrollbar-background-hover": "#000000",
        "scrollbar-background-active": "#000000",
        "scrollbar-corner-color": "#000000",
        "footer-background": "#000000",
        "block-cursor-background": "#66b3ff",
        "block-cursor-foreground": "#000000",
    },
)
COLOUR_BLIND = Theme(
    name="supportdesk-colour-blind",
    primary="#56b4e9",
    secondary="#9aa5b1",
    accent="#56b4e9",
    warning="#e69f00",
    error="#e87fc4",
    success="#56b4e9",
    foreground="#dde2e7",
    background="#101215",
    surface="#171a1e",
    panel="#1e2227",
    dark=True,
    variables={
        "quiet": "#98a2ad",
        "faint": "#66707b",
        "rule": "#282e35",
        "cursor-ground": "#20384a",
        "cursor-ground-blurred": "#1c242b",
        "flash-ground": "#3b4048",
        # Yellow, orange and magenta stay apart in every common kind of colour blindness, by lightness, too.
        "due-soon": "#f5e65c",
        "at-risk": "#e69f00",
        "breached": "#f06bc0",
        "alarm-ground": "#b0207f",
        "alarm-ground-cursor": "#cc3d9a",
        "alarm-text": "#ffffff",
        "scrollbar": "#282e35",
        "scrollbar-hover": "#66707b",
        "scrollbar-active": "#66707b",
        "scrollbar-background": "#101215",
        "scrollbar-background-hover": "#101215",
        "scrollbar-background-active": "#101215",
        "scrollbar-corner-color": "#101215",
        "footer-background": "#101215",
        "block-cursor-background": "#56b4e9",
        "block-cursor-foreground": "#101215",
    },
)
THEMES = (DARK, LIGHT, CONTRAST, COLOUR_BLIND)


def fallback_variables(*, dark: bool) -> dict[str, str]:
    """Return the console's own variables for a theme that does not define them."""
    return dict((DARK if dark else LIGHT).variables)
