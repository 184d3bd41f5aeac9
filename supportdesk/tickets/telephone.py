"""Telephone numbers in whatever spelling: what somebody typed, what a softphone passed on, what stands on a contact."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from enum import IntEnum
from urllib.parse import unquote

import msgspec

from supportdesk.sla.policy import Policy
from supportdesk.tickets.plain_text import UNWANTED

LEAST_DIGITS = 4
"""Fewer digits than these are not enough to mean somebody by the end of a number."""

_MOST_DIGITS = 20
_SHARED = 7
"""So many digits at the end of a whole number stand in each of its spellings, with or without its country."""

_LONGEST = 200
_AT_HOME = "GB"
_IN_BRACKETS = re.compile(r"<([^<>]*)>")
_SCHEME = re.compile(r"\s*(?:tel|sips?|callto):/*", re.IGNORECASE)
_ADDRESS = re.compile(r"[:@;?].*", re.DOTALL)
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"(?=\s*<)')
"""The name before an address, which may hold brackets of its own."""

_AT_HOST = re.compile(r"[+\d][\d ().-]*@")
_CONTEXT = re.compile(r"phone-context=(\+\d+)", re.IGNORECASE)
_EXTENSION = re.compile(
    r"[\s,;]*(?:extension|durchwahl|interno|extn?=?|x|#)[.:]?\s*\d{1,6}\s*$", re.IGNORECASE
)
_INVISIBLE = re.compile("[\u200c\u200d\ufe00-\ufe0f]")
_FULL_WIDTH = {ord("\u3000"): " "} | {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
"""What keyboards for Chinese and Japanese type, as plain characters."""

_WITHHELD = frozenset(
    {
        "anonymous",
        "withheld",
        "private",
        "unavailable",
        "unknown",
        "restricted",
        "blocked",
        "hidden",
        "invalid",
    }
    | {"+266696687", "266696687"}
)
"""What a softphone passes on in place of a number that the caller keeps back; the digits spell ANONYMOUS."""

_SHORTEST_INTERNAL, _LONGEST_INTERNAL = 4, 6
_EXAMPLE = "type it as in +44 20 7946 0018"
_SEPARATORS = frozenset(" \t\u00a0\u202f+()[]-./\u2010\u2011\u2012\u2013\u2014\u2212")
_SEVERAL = re.compile(r"[^\W\d_]+|[,;|#&]+")
"""What stands between two numbers in one line: a word, or a sign that divides."""

_SLASH = re.compile(r"/+")
"""What divides two numbers for some, and for others the code of a town from the rest of a number."""

_AROUND = re.compile(r"^[^\d+(]+|[^\d)]+$")
"""What stands before and behind a number in a line."""


class Likeness(IntEnum):
    """How well a number fits another."""

    NONE = 0
    SAME_END = 1
    SAME = 2


class Number(msgspec.Struct, frozen=True):
    """A number, or its end. `international` is the whole of it as E.164; None where it is not whole.

    `national` are the digits that each of its spellings ends with.
    """

    text: str
    digits: str
    international: str | None
    national: str

    @property
    def ending(self) -> str:
        """With what every spelling of this number begins among its `endings`."""
        known = self.digits if self.international is None else self.national[-_SHARED:]
        return known[::-1]


def region(policy: Policy) -> str:
    """The country in which a number without one is dialled: the one whose holidays the office keeps."""
    return next((hours.country[0] for hours in policy.calendars if hours.country), _AT_HOME)


def parse(text: str, home: str) -> Number | None:
    """The number that a text is; None for what is none, such as a name. `home` is the region of numbers without one."""
    short = _bare(text)
    if not may_be_number(short):
        return None
    digits, (international, national) = "".join(digits_in(short)), _international(short, home)
    return Number(short.strip(), digits, international, national or digits)


def is_number(text: str) -> bool:
    """Return whether a text is a telephone number, in whatever spelling; told without the numbering plans."""
    return may_be_number(_bare(text))


def bare(text: str) -> str:
    """Return the number in what a softphone hands over, or somebody pasted, without what stands around it."""
    return _bare(text).strip()


def is_withheld(text: str) -> bool:
    """Return whether a softphone says that the caller keeps the number back."""
    bare = _bare(text).strip().strip("\"'").casefold()
    return bare in _WITHHELD or bare.partition(" ")[0] in _WITHHELD


def fault(text: str, home: str) -> str | None:
    """Return why a text cannot be somebody's number, with an example; None where it can, also where it is empty.

    A number is possible that has the right length for its country, or four to six digits for an extension in the house.
    """
    bare = _bare(text).strip()
    if not text.strip():
        return None
    if not may_be_number(bare):
        several = sum(1 for _ in endings(text)) > 1
        return f"{text!r} {'holds several numbers' if several else 'is not a telephone number'}; {_EXAMPLE}"
    found = parse(text, home)
    assert found is not None
    if not found.national.strip("0"):
        return f"{text!r} has only zeros; {_EXAMPLE}"
    if found.international is not None:
        return None
    goes_outside = bare.lstrip("(").startswith(("0", "+"))
    if not goes_outside and _SHORTEST_INTERNAL <= len(found.digits) <= _LONGEST_INTERNAL:
        return None
    return _impossible(text, bare, home, local=not goes_outside)


def _impossible(text: str, bare: str, home: str, *, local: bool) -> str | None:
    """Why a number cannot be dialled; None for one that can within its town, where it may be `local`."""
    import phonenumbers

    why = phonenumbers.ValidationResult
    try:
        reason = phonenumbers.is_possible_number_with_reason(phonenumbers.parse(bare, home))
    except phonenumbers.NumberParseException:
        return f"{text!r} has a country code that does not exist; {_EXAMPLE}"
    if local and reason == why.IS_POSSIBLE_LOCAL_ONLY:
        return None
    size = {why.TOO_LONG: "too long", why.INVALID_LENGTH: "of the wrong length"}.get(reason, "too short")
    return f"{text!r} is {size} for a telephone number; {_EXAMPLE}"


def may_be_number(text: str) -> bool:
    """Whether a text holds what a number holds and nothing else; told without the numbering plans of the world."""
    if not all(character.isdecimal() or character in _SEPARATORS for character in text):
        return False
    return LEAST_DIGITS <= sum(map(str.isdecimal, text)) <= _MOST_DIGITS


def likeness(wanted: Number, kept: str, home: str) -> Likeness:
    """How well the numbers in a line that is `kept` fit the one that is wanted.

    One kept in a spelling that cannot be dialled is compared by its digits.
    """
    return max((_likeness(wanted, each, home) for each in _pieces(kept)), default=Likeness.NONE)


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
    found = ("".join(digits_in(part)) for part in _pieces(kept[:_LONGEST]))
    yield from dict.fromkeys(digits[::-1] for digits in found if LEAST_DIGITS <= len(digits) <= _MOST_DIGITS)


def _pieces(kept: str) -> Iterator[str]:
    """All that may be one of the numbers in a line, more often than once where it can be divided in several ways."""
    kept = _visible(kept)
    yield _bare(kept)
    for part in _SEVERAL.split(kept):
        yield part
        if "/" in part:
            yield from _SLASH.split(part)


def digits_in(text: str) -> Iterator[str]:
    """The decimal digits of any script, as 0 to 9."""
    return (str(unicodedata.decimal(character)) for character in text if character.isdecimal())


def _bare(text: str) -> str:
    """The number in what a softphone hands over, or somebody pasted, without name, scheme, host and extension."""
    short = _visible(text[:_LONGEST])
    inner = _IN_BRACKETS.search(_QUOTED.sub("", short))
    if inner is not None:
        short = inner[1]
    scheme = _SCHEME.match(short)
    if scheme is not None:
        address = unquote(short[scheme.end() :])
        context, short = _CONTEXT.search(address), _ADDRESS.sub("", address)
        if context is not None and not short.startswith("+"):
            short = context[1] + short
    elif _AT_HOST.match(short):
        short = _ADDRESS.sub("", short)
    return _EXTENSION.sub("", short)


def _visible(text: str) -> str:
    """A text in plain characters, without the marks that nobody sees and that come along when a number is copied."""
    return text if text.isascii() else _INVISIBLE.sub("", UNWANTED.sub("", text)).translate(_FULL_WIDTH)


def _international(text: str, home: str) -> tuple[str | None, str]:
    """A whole number as E.164, and its digits without the country's; None and nothing for what is not whole."""
    found = _dialled(text, home)
    digits = "".join(digits_in(text))
    if found is None and digits.startswith("00"):
        # Dialled so in most of the world, though not in each country.
        found = _dialled(f"+{digits[2:]}", home)
    return found or (None, "")


def _dialled(text: str, home: str) -> tuple[str, str] | None:
    # Imported when a number is first typed: it brings the numbering plans of the world along.
    import phonenumbers

    try:
        found = phonenumbers.parse(text, home)
    except phonenumbers.NumberParseException:
        return None
    # Not "valid": numbers kept for drama and tests are none, and people keep those of closed exchanges.
    if phonenumbers.is_possible_number_with_reason(found) != phonenumbers.ValidationResult.IS_POSSIBLE:
        return None
    whole = phonenumbers.format_number(found, phonenumbers.PhoneNumberFormat.E164)
    return str(whole), str(phonenumbers.national_significant_number(found))
