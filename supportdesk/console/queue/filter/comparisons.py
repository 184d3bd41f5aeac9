"""Parses values that compare: durations such as `<2h` and `>3d`, numbers such as `>0`."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable

from supportdesk.console.queue.filter.errors import BadValueError

SECONDS = {"w": 604_800, "d": 86_400, "h": 3_600, "m": 60}

_COMPARED: dict[str, Callable[[int, int], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
    "": operator.eq,
}
_COMPARISON = re.compile(r"(<=|>=|<|>)\s*(.+)")
_UNIT = r"(?:w|d|h|m|weeks?|wks?|days?|hours?|hrs?|minutes?|mins?)"
_LIKE_DURATION = re.compile(rf"(?:<=|>=|<|>)?\s*(?:[0-9]{{0,7}}|(?:[0-9.]+\s*{_UNIT}\s*)+)")
_LONGEST = 999_999 * SECONDS["w"]
_NUMBER = re.compile(r"(<=|>=|<|>|=|)([0-9]{1,6})")


def is_duration(value: str) -> bool:
    """Return whether a text is meant as a duration, and not as a date."""
    return _LIKE_DURATION.fullmatch(value) is not None


def parse_comparison(value: str, example: str) -> tuple[str, int]:
    """Return comparison and seconds of a value such as `<1h30m`. Raises BadValueError, which shows the `example`."""
    # Imported when first needed: the first frame parses no duration.
    from supportdesk.tickets.durations import parse_duration
    from supportdesk.tickets.typed_text import TimeInputError

    found = _COMPARISON.fullmatch(value)
    if found is not None and found[2] == "0":
        return found[1], 0
    try:
        if found is not None and (seconds := parse_duration(found[2])) <= _LONGEST:
            return found[1], seconds
    except TimeInputError:
        pass
    raise BadValueError(f"type a duration as in {example}; the units are w, d, h and m")


def number_predicate(value: str, example: str) -> Callable[[int], bool]:
    """Return the test for numbers in a value such as `>0`. Raises BadValueError, which shows the `example`."""
    found = _NUMBER.fullmatch(value)
    if found is None:
        raise BadValueError(f"type a number as in {example}")
    compare, other = _COMPARED[found[1]], int(found[2])
    return lambda value: compare(value, other)
