"""One memory of parsed styles for all applications of a test run: each of them reads the same files."""

from typing import Any

import pytest
from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet


def share_parsed_styles(patch: pytest.MonkeyPatch) -> None:
    """Parse each style sheet once for each set of variables, instead of once in each application."""
    parse = Stylesheet._parse_rules
    parsed: dict[tuple[object, ...], list[RuleSet]] = {}

    def parse_once(stylesheet: Stylesheet, *arguments: Any, **named: Any) -> list[RuleSet]:
        variables = tuple(sorted(stylesheet._variables.items()))
        key = (variables, *arguments, *sorted(named.items()))
        if key not in parsed:
            parsed[key] = parse(stylesheet, *arguments, **named)
        return parsed[key]

    patch.setattr(Stylesheet, "_parse_rules", parse_once)
