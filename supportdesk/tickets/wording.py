"""Words in sentences: alternatives in a list, and names that are not at the beginning."""

from __future__ import annotations

from collections.abc import Sequence


def either(words: Sequence[str]) -> str:
    """Return alternatives as a list: `a`, `a or b`, `a, b or c`."""
    return " or ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


def within_sentence(name: str) -> str:
    """Return a name with a small first letter, as in `telephone support`; one with other capitals stays: `SMS`."""
    return name.lower() if name[1:].islower() else name
