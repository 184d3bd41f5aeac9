"""Telephone numbers in whatever spelling: what somebody typed, what a softphone passed on, what stands on a contact."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

from supportdesk.sla.policy import Policy

LEAST_DIGITS = 4
"""Fewer digits than these are not enough to mean somebody by the end of a number."""

_MOST_DIGITS = 20
_SHARED = 7
"""So many digits at the end of a whole number stand in each of its spellings, with or without its country."""

_LONGEST = 200
_AT_HOME = "GB"
_SCHEME = re.compile(r"\s*(?:tel|sips?|callto):", re.IGNORECASE)
_ADDRESS = re.compile(r"[@;?].*", re.DOTALL)
_EXTENSION = re.compile(r"[\s,]*(?:extension|extn?|x|#)[.:]?\s*\d{1,6}\s*$", re.IGNORECASE)
_SEPARATORS = frozenset(" \t\u00a0\u202f+()[]-./\u2010\u2011\u2012\u2013\u2014\u2212")
_SEVERAL = re.compile(r"[^\W\d_]+|[,;/|#&]+")
"""What stands between two numbers in one line: a word, or a sign that divides."""

_AROUND = re.compile(r"^[^\d+(]+|[^\d)]+$")
"""What stands before and behind a number in a line."""


class Likeness(IntEnum):
    """How well a number fits another."""

    NONE = 0
    SAME_END = 1
    SAME = 2


@dataclass(frozen=True, slots=True)
class Number:
    """A number, or its end. `international` is the whole of it as E.164; None where it is not whole."""

    text: str
    digits: str
    international: str | None

    @property
    def ending(self) -> str:
        """With what every spelling of this number begins among its `endings`."""
        known = self.digits if self.international is None else self.digits[-_SHARED:]
        return known[::-1]


def region(policy: Policy) -> str:
    """The country in which a number without one is dialled: the one whose holidays the office keeps."""
    return next((hours.country[0] for hours in policy.calendars if hours.country), _AT_HOME)


def parse(text: str, home: str) -> Number | None:
    """The number that a text is; None for what is none, such as a name. `home` is the region of numbers without one."""
    bare = _bare(text)
    if not may_be_number(bare):
        return None
    return Number(bare.strip(), "".join(digits_in(bare)), _international(bare, home))


def may_be_number(text: str) -> bool:
    """Whether a text holds what a number holds and nothing else; told without the numbering plans of the world."""
    if not all(character.isdecimal() or character in _SEPARATORS for character in text):
        return False
    return LEAST_DIGITS <= sum(map(str.isdecimal, text)) <= _MOST_DIGITS


def likeness(wanted: Number, kept: str, home: str) -> Likeness:
    """How well the numbers in a line that is `kept` fit the one that is wanted.

    One kept in a spelling that cannot be dialled is compared by its digits.
    """
    return max((_likeness(wanted, each, home) for each in _SEVERAL.split(kept)), default=Likeness.NONE)


def _likeness(wanted: Number, kept: str, home: str) -> Likeness:
    number = parse(_AROUND.sub("", kept), home)
    if number is None:
        return Likeness.NONE
    if wanted.international is not None and number.international is not None:
        if wanted.international == number.international:
            return Likeness.SAME
        if wanted.text.startswith("+"):
            return Likeness.NONE
    ends_so = number.digits.endswith(wanted.digits)
    lacks_its_beginning = number.international is None and len(number.digits) >= _SHARED
    if ends_so or (lacks_its_beginning and wanted.digits.endswith(number.digits)):
        return Likeness.SAME_END
    return Likeness.NONE


def written(text: str, home: str) -> str:
    """A number as it is shown: `+44 20 7946 0018`; as it was written where it is not whole."""
    number = parse(text, home)
    if number is None or number.international is None:
        return " ".join(_bare(text).split())
    import phonenumbers

    found = phonenumbers.parse(number.international, None)
    return str(phonenumbers.format_number(found, phonenumbers.PhoneNumberFormat.INTERNATIONAL))


def endings(kept: str) -> Iterator[str]:
    """The numbers in a line, each as its digits from the last to the first: those that end alike begin alike here."""
    for part in _SEVERAL.split(kept[:_LONGEST]):
        digits = "".join(digits_in(part))
        if len(digits) >= LEAST_DIGITS:
            yield digits[::-1]


def digits_in(text: str) -> Iterator[str]:
    """The decimal digits of any script, as 0 to 9."""
    return (str(unicodedata.decimal(character)) for character in text if character.isdecimal())


def _bare(text: str) -> str:
    """The number in what a softphone hands over, or somebody pasted, without scheme, host and extension."""
    short = text[:_LONGEST]
    scheme = _SCHEME.match(short)
    if scheme is not None:
        short = _ADDRESS.sub("", short[scheme.end() :])
    return _EXTENSION.sub("", short)


def _international(text: str, home: str) -> str | None:
    # Imported when a number is first typed: it brings the numbering plans of the world along.
    import phonenumbers

    try:
        found = phonenumbers.parse(text, home)
    except phonenumbers.NumberParseException:
        return None
    # Not "valid": numbers kept for drama and tests are none, and people keep those of closed exchanges.
    if phonenumbers.is_possible_number_with_reason(found) != phonenumbers.ValidationResult.IS_POSSIBLE:
        return None
    return str(phonenumbers.format_number(found, phonenumbers.PhoneNumberFormat.E164))
