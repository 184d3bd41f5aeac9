"""Whether a field asks for a time of the past or of the future."""

from enum import Enum


class Direction(Enum):
    """Whether a field asks for a past or a future time; a complete date is read as it is typed."""

    PAST = "past"
    FUTURE = "future"
    EITHER = "either"
