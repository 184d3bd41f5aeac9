"""Values that compare: lengths of time such as `<2h` and `>3d`, and numbers such as `>0`."""

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
_MEANT_AS_LENGTH = re.compile(rf"(?:<=|>=|<|>)?\s*(?:[0-9]{{0,7}}|(?:[0-9.]+\s*{_UNIT}\s*)+)")
_LONGEST = 999_999 * SECONDS["w"]
_NUMBER = re.compile(r"(<=|>=|<|>|=|)([0-9]{1,6})")


def is_duration(value: str) -> bool:
    """Return whether a text is meant as a length of time, and not as a date."""
    return _MEANT_AS_LENGTH.fullmatch(value) is not None


def parse_comparison(value: str, example: str) -> tuple[str, int]:
    """The comparison and the seconds of `<1h30m`; raises BadValueError, which names the `example`."""
    # Imported when first needed: the first frame has no length of time to read.
    from supportdesk.tickets.durations import TimeInputError, parse_duration

    found = _COMPARISON.fullmatch(value)
    if found is not None and found[2] == "0":
        return found[1], 0
    try:
        if found is not None and (seconds := parse_duration(found[2])) <= _LONGEST:
            return found[1], seconds
    except TimeInputError:
        pass
    raise BadValueError(f"type a duration as in {example}; the units are w, d, h and m")


def number(value: str, example: str) -> Callable[[int], bool]:
    """What a number is compared with in `>0`; raises BadValueError, which names the `example`."""
    found = _NUMBER.fullmatch(value)
    if found is None:
        raise BadValueError(f"type a number as in {example}")
    compared, than = _COMPARED[found[1]], int(found[2])
    return lambda figure: compared(figure, than)
