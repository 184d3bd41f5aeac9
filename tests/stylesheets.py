"""One memory of parsed styles, and of what applies to which widget, for all applications of a test run.

Each of them reads the same files, and has widgets in the same places.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any, NamedTuple, cast

import pytest
from textual.app import App
from textual.css.model import RuleSet
from textual.css.styles import RulesMap
from textual.css.stylesheet import Stylesheet
from textual.dom import DOMNode
from textual.widget import Widget


def share_parsed_styles(patch: pytest.MonkeyPatch) -> None:
    """Parse each style sheet once for each set of variables, instead of once in each application."""
    parse = Stylesheet._parse_rules
    parsed: dict[tuple[object, ...], list[RuleSet]] = {}
    palettes: dict[tuple[tuple[str, str], ...], int] = {}

    def palette_of(sheet: Any) -> int:
        if getattr(sheet, "_palette_of", None) is not sheet._variables:
            sheet._palette_of = sheet._variables
            sheet._palette = palettes.setdefault(tuple(sorted(sheet._variables.items())), len(palettes))
        return cast("int", sheet._palette)

    def parse_once(sheet: Stylesheet, *arguments: Any, **named: Any) -> list[RuleSet]:
        key = (palette_of(sheet), *arguments, *sorted(named.items()))
        if key not in parsed:
            parsed[key] = parse(sheet, *arguments, **named)
        return parsed[key]

    patch.setattr(Stylesheet, "_parse_rules", parse_once)


class Applied(NamedTuple):
    """What applies to a widget: its rules, None where there is none, and whether one of them asks for the mouse."""

    rules: RulesMap | None
    hover: bool


def share_applied_styles(patch: pytest.MonkeyPatch) -> None:
    """Find the rules of each place among the widgets once, instead of whenever a widget is mounted or changes.

    What a rule may ask of a widget and of those that it lies in makes the place. Rules that ask for the order of
    widgets, or for the focus within, are looked up each time.
    """
    apply, replace = Stylesheet.apply, Stylesheet.replace_rules
    sheets: dict[tuple[int, ...], int] = {}
    known: dict[Hashable, Applied] = {}
    replaced: dict[DOMNode, RulesMap] = {}

    def number_of(sheet: Any) -> int:
        rules = sheet.rules
        if getattr(sheet, "_numbered", None) is not rules:
            # Parsed rules are remembered, so that no other ever has the identity of one.
            sheet._numbered = rules
            sheet._number = sheets.setdefault(tuple(map(id, rules)), len(sheets))
        return cast("int", sheet._number)

    def replace_and_note(node: DOMNode, rules: RulesMap, animate: bool = False) -> None:
        replaced[node] = rules
        replace(node, rules, animate=animate)

    def apply_known(
        sheet: Stylesheet,
        node: DOMNode,
        *,
        animate: bool = False,
        cache: dict[tuple[Any, ...], RulesMap] | None = None,
    ) -> None:
        place = (number_of(sheet), *place_of(node))
        applied = known.get(place)
        if applied is None:
            apply(sheet, node, animate=animate, cache=cache)
            rules = replaced.pop(node, None)
            if not (node._has_focus_within or node._has_order_style or node._has_odd_or_even):
                known[place] = Applied(rules, node._has_hover_style)
            return
        node._has_hover_style = applied.hover
        node._has_focus_within = node._has_order_style = node._has_odd_or_even = False
        if applied.rules is not None:
            replace(node, applied.rules, animate=animate)
        sheet._process_component_classes(node)

    patch.setattr(Stylesheet, "replace_rules", staticmethod(replace_and_note))
    patch.setattr(Stylesheet, "apply", apply_known)


def place_of(node: DOMNode) -> list[Hashable]:
    """Return what rules may ask of a node and of those that it lies in, the innermost first."""
    place: list[Hashable] = []
    each: Any = node
    while isinstance(each, DOMNode):
        place += (type(each), each._id, frozenset(each._classes))
        if isinstance(each, Widget):
            place += (each.disabled, each.mouse_hover, each.has_focus, each.allow_focus())
        elif isinstance(each, App):
            place += (
                each.app_focus,
                each.current_theme.dark,
                each.is_inline,
                each.native_ansi_color,
                each.no_color,
            )
        each = each._parent
    return place
