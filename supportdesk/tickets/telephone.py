"""Telephone numbers in any spelling: typed, passed on by a softphone, or stored for a contact."""

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
"""The fewest digits that can identify somebody by the end of a number."""

_MOST_DIGITS = 20
_SHARED = 7
"""The number of last digits that every spelling of a complete number shares, with or without its country code."""

_LONGEST = 200
_DEFAULT_REGION = "GB"
_IN_BRACKETS = re.compile(r"<([^<>]*)>")
_SCHEME = re.compile(r"\s*(?:tel|sips?|callto):/*", re.IGNORECASE)
_ADDRESS = re.compile(r"[:@;?].*", re.DOTALL)
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"(?=\s*<)')
"""The name before an address, which may contain brackets."""

_AT_HOST = re.compile(r"[+\d][\d ().-]*@")
_CONTEXT = re.compile(r"phone-context=(\+\d+)", re.IGNORECASE)
_EXTENSION = re.compile(
    r"[\s,;]*(?:extension|durchwahl|interno|extn?=?|x|#)[.:]?\s*\d{1,6}\s*$", re.IGNORECASE
)
_INVISIBLE = re.compile("[\u200c\u200d\ufe00-\ufe0f]")
_FULL_WIDTH = {ord("\u3000"): " "} | {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
"""Maps full-width characters, as Chinese and Japanese keyboards type them, to plain ones."""

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
"""What a softphone sends for a withheld number; the digits spell ANONYMOUS."""

_SHORTEST_INTERNAL, _LONGEST_INTERNAL = 4, 6
_EXAMPLE = "type it as in +44 20 7946 0018"
_SEPARATORS = frozenset(" \t\u00a0\u202f+()[]-./\u2010\u2011\u2012\u2013\u2014\u2212")
_SEVERAL = re.compile(r"[^\W\d_]+|[,;|#&]+")
"""What separates two numbers in one line: a word or a punctuation mark."""

_SLASH = re.compile(r"/+")
"""A separator of two numbers to some people, and of the area code from the rest to others."""

_AROUND = re.compile(r"^[^\d+(]+|[^\d)]+$")
"""Matches what is before and after a number in a line."""


class Likeness(IntEnum):
    """How well a number matches another."""

    NONE = 0
    SAME_END = 1
    SAME = 2


class Number(msgspec.Struct, frozen=True):
    """A number, or its end. `international` is the complete number as E.164; None where it is not complete.

    `national` are the digits with which all its spellings end.
    """

    text: str
    digits: str
    international: str | None
    national: str

    @property
    def ending(self) -> str:
        """The beginning of each of this number's spellings among the reversed `endings`."""
        known = self.digits if self.international is None else self.national[-_SHARED:]
        return known[::-1]


def home_region(policy: Policy) -> str:
    """Return the country of numbers without a country code: that of the first calendar with public holidays."""
    return next((hours.country[0] for hours in policy.calendars if hours.country), _DEFAULT_REGION)


def parse(text: str, home: str) -> Number | None:
    """Return the number that a text is; None for any other text.

    `home` is the region of numbers without a country code.
    """
    short = _extract(text)
    if not may_be_number(short):
        return None
    digits, (international, national) = "".join(digits_in(short)), _parse_international(short, home)
    return Number(short, digits, international, national or digits)


def is_number(text: str) -> bool:
    """Return whether a text is a telephone number in any spelling, without consulting the numbering plans."""
    return may_be_number(_extract(text))


def extract_number(text: str) -> str:
    """Return the number in a text from a softphone or the clipboard, without anything around it."""
    return _extract(text)


def name_beside(text: str) -> str:
    """Return the name beside a number in brackets, as in `"Pat Jones" <tel:+44...>`; empty where there is none."""
    short = _visible(text[:_LONGEST])
    quoted = _QUOTED.search(short)
    before = short[: quoted.end()] if quoted is not None else short.partition("<")[0]
    if before == short or not any(map(str.isalpha, before)) or is_number(before) or is_withheld(text):
        return ""
    return " ".join(before.replace('"', " ").replace("\\", " ").split())


def beside_name(number: str, name: str) -> str:
    """Return a number with the name of its owner, as `name_beside` reads it; the number alone without a name."""
    return f'"{name}" <{number}>' if name else number


def is_withheld(text: str) -> bool:
    """Return whether a softphone reports a withheld number."""
    bare = _extract(text).strip("\"'").casefold()
    return bare in _WITHHELD or bare.partition(" ")[0] in _WITHHELD


def find_fault(text: str, home: str) -> str | None:
    """Return why a text cannot be a telephone number, with an example; None where it can, or is empty.

    A number is possible if it has the right length for its country, or four to six digits as an internal extension.
    """
    bare = _extract(text)
    if not text.strip():
        return None
    if not may_be_number(bare):
        several = sum(1 for _ in endings(text)) > 1
        return (
            f"{text!r} {'contains several numbers' if several else 'is not a telephone number'}; {_EXAMPLE}"
        )
    found = parse(text, home)
    assert found is not None
    if not found.national.strip("0"):
        return f"{text!r} has only zeros; {_EXAMPLE}"
    if found.international is not None:
        return None
    goes_outside = bare.lstrip("(").startswith(("0", "+"))
    if not goes_outside and _SHORTEST_INTERNAL <= len(found.digits) <= _LONGEST_INTERNAL:
        return None
    return _find_dialling_fault(text, bare, home, local=not goes_outside)


def _find_dialling_fault(text: str, bare: str, home: str, *, local: bool) -> str | None:
    """Return why a number cannot be dialled; None for one that can be within its area, where it may be `local`."""
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
    """Return whether a text has only the characters of a number, without consulting the numbering plans."""
    if not all(character.isdecimal() or character in _SEPARATORS for character in text):
        return False
    return LEAST_DIGITS <= sum(map(str.isdecimal, text)) <= _MOST_DIGITS


def likeness(wanted: Number, stored: str, home: str) -> Likeness:
    """Return how well the best of the stored numbers in a line matches the wanted one.

    A stored number in a spelling that cannot be dialled is compared by its digits.
    """
    return max((_likeness(wanted, each, home) for each in _split_numbers(stored)), default=Likeness.NONE)


def list_numbers(stored: str, home: str) -> list[Number]:
    """Return the numbers in a line, each once; several where it can be divided in several ways."""
    found = (parse(_AROUND.sub("", each), home) for each in _split_numbers(stored))
    return list(dict.fromkeys(each for each in found if each is not None))


def _likeness(wanted: Number, stored: str, home: str) -> Likeness:
    number = parse(_AROUND.sub("", stored), home)
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


def format_number(text: str, home: str) -> str:
    """Return a number for display: `+44 20 7946 0018`; unchanged where it is not complete."""
    number = parse(text, home)
    if number is None or number.international is None:
        return " ".join(_extract(text).split())
    import phonenumbers

    found = phonenumbers.parse(number.international, None)
    return str(phonenumbers.format_number(found, phonenumbers.PhoneNumberFormat.INTERNATIONAL))


def endings(stored: str) -> Iterator[str]:
    """Yield the numbers in a line as their digits in reverse, so that numbers with the same end have the same
    beginning.
    """
    found = ("".join(digits_in(part)) for part in _split_numbers(stored[:_LONGEST]))
    yield from dict.fromkeys(digits[::-1] for digits in found if LEAST_DIGITS <= len(digits) <= _MOST_DIGITS)


def _split_numbers(stored: str) -> Iterator[str]:
    """Yield every part of a line that may be a number; parts overlap where it can be divided in several ways."""
    stored = _visible(stored)
    yield _extract(stored)
    for part in _SEVERAL.split(stored):
        yield part
        if "/" in part:
            yield from _SLASH.split(part)


def digits_in(text: str) -> Iterator[str]:
    """Return the decimal digits of any script, as 0 to 9."""
    return (str(unicodedata.decimal(character)) for character in text if character.isdecimal())


def _extract(text: str) -> str:
    """Return the number in a text without name, scheme, host and extension."""
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
    return _EXTENSION.sub("", short).strip()


def _visible(text: str) -> str:
    """Return a text in plain characters, without invisible ones, which come with copied numbers."""
    return text if text.isascii() else _INVISIBLE.sub("", UNWANTED.sub("", text)).translate(_FULL_WIDTH)


def _parse_international(text: str, home: str) -> tuple[str | None, str]:
    """Return a complete number as E.164 and its national digits; None and an empty text for an incomplete one."""
    found = _parse_dialled(text, home)
    digits = "".join(digits_in(text))
    if found is None and digits.startswith("00"):
        # The international prefix of most countries, though not of all.
        found = _parse_dialled(f"+{digits[2:]}", home)
    return found or (None, "")


def _parse_dialled(text: str, home: str) -> tuple[str, str] | None:
    # Imported late: it loads the numbering plans of the world.
    import phonenumbers

    try:
        found = phonenumbers.parse(text, home)
    except phonenumbers.NumberParseException:
        return None
    # Not "valid": numbers reserved for drama and tests are not, nor are those of closed exchanges.
    if phonenumbers.is_possible_number_with_reason(found) != phonenumbers.ValidationResult.IS_POSSIBLE:
        return None
    whole = phonenumbers.format_number(found, phonenumbers.PhoneNumberFormat.E164)
    return str(whole), str(phonenumbers.national_significant_number(found))
