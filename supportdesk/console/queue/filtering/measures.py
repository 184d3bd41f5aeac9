"""Values that compare: lengths of time such as `<2h` and `>3d`, and numbers such as `>0`."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable

from supportdesk.console.queue.filtering.faults import BadValueError

SECONDS = {"w": 604_800, "d": 86_400, "h": 3_600, "m": 60}

_COMPARED: dict[str, Callable[[int, int], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
    "": operator.eq,
}
_LENGTH = re.compile(r"(<=|>=|<|>)((?:[0-9]{1,6}[wdhm])+)")
_NUMBER = re.compile(r"(<=|>=|<|>|=|)([0-9]{1,6})")


def length(value: str, example: str) -> tuple[str, int]:
    """The comparison and the seconds of `<1h30m`; raises BadValueError, which names the `example`."""
    found = _LENGTH.fullmatch(value)
    if found is None:
        raise BadValueError(f"{example} is how a length of time is asked for; w, d, h and m are its units")
    parts = re.findall(r"([0-9]+)([wdhm])", found[2])
    return found[1], sum(int(figure) * SECONDS[unit] for figure, unit in parts)


def number(value: str, example: str) -> Callable[[int], bool]:
    """What a number is compared with in `>0`; raises BadValueError, which names the `example`."""
    found = _NUMBER.fullmatch(value)
    if found is None:
        raise BadValueError(f"{example} is how a number is asked for")
    compared, than = _COMPARED[found[1]], int(found[2])
    return lambda figure: compared(figure, than)
