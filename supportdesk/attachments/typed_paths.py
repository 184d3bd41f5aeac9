"""Divides paths that somebody types one after another."""

from __future__ import annotations

import re

SEPARATOR = ";"

_TYPED = re.compile(rf'\s*(?:"(?P<quoted>[^"]+)"\s*(?={SEPARATOR}|$)|(?P<plain>[^{SEPARATOR}]+))')


def split_paths(typed: str) -> list[str]:
    """Return paths that are separated by `;`. One that has a `;` itself is in double quotes."""
    found = (each["quoted"] or each["plain"].strip() for each in _TYPED.finditer(typed))
    return [path for path in found if path]
