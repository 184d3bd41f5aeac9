"""Whether a field asks for a time of the past or of the future."""

from enum import Enum


class Direction(Enum):
    """Where the time lies that a field asks for, seen from now; a complete date is taken as it is typed."""

    PAST = "past"
    FUTURE = "future"
    EITHER = "either"
