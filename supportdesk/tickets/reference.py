"""Ticket references such as `CD-4F7K-A`: short, easy to say, and safe against a slip of tongue or finger.

A reference is `CD`, a body of four characters (five once those are used up) and a check character. The alphabet has 31
characters: digits and capitals without I, L and O, which are heard and read as 1, 1 and 0, and without S and U. As 31
is a prime, ISO 7064's pure system with radix 2 catches every single wrong character and every swap of two neighbours; a
slip in the fixed prefix is caught too.
"""

import re
import unicodedata
from contextlib import suppress

from supportdesk.tickets.plain_text import UNWANTED

ALPHABET = "0123456789ABCDEFGHJKMNPQRTVWXYZ"
PREFIX = "CD"

_RADIX = len(ALPHABET)
_BODY = 4
_FIRST = 4 * _RADIX**3 + 12 * _RADIX**2
"""The value of the first body, 4C00: early references are as long as later ones."""

_MOST_TEXT = 20_000
"""The most characters of a text in which a reference is looked for."""

_AS_MADE = re.compile(rf"{PREFIX}-([{ALPHABET}]{{4,5}})-([{ALPHABET}])")
_JOINERS = re.compile("[\u200c\u200d\ufe00-\ufe0f]")
_DASHES = re.compile("[\u2010-\u2015\u2043\u2212\u2e3a\u2e3b\u301c\u3030]")
_SEPARATORS = re.compile(r"[\s-]+")
_AROUND = re.compile(r"^[\W_]+|[\W_]+$")
_GAP = r"\s?-?\s?"
_BEGUN = re.compile(rf"{PREFIX}(?:{_GAP}\d|-)|[0-9A-Z]{{4,5}}-[0-9A-Z]?$", re.ASCII | re.IGNORECASE)
_WITHIN = re.compile(
    rf"(?<![0-9A-Za-z-]){PREFIX}{_GAP}(?P<body>[0-9A-Z]{{4,5}}){_GAP}(?P<check>[0-9A-Z])(?![0-9A-Za-z]|-[0-9A-Za-z])",
    re.ASCII | re.IGNORECASE,
)
_BARE_WITHIN = re.compile(r"(?<![\w-])[0-9A-Z]{4,5}-[0-9A-Z](?![\w]|-\w)", re.ASCII | re.IGNORECASE)
_UNDERSCORED = re.compile(
    rf"(?<![0-9A-Za-z-]){PREFIX}_(?P<body>[0-9A-Z]{{4,5}})_(?P<check>[0-9A-Z])(?![0-9A-Za-z])",
    re.ASCII | re.IGNORECASE,
)
"""A whole reference with underscores, as in names of files; elsewhere they are not read, as one may hide a slip."""
_HEARD_AS = str.maketrans("abcdefghijklmnopqrstuvwxyzILO", "ABCDEFGH1JK1MN0PQRSTUVWXYZ110")
_NEVER = {"S": "5 or F", "U": "V or Q"}
"""Letters that no reference contains, with the characters that may be meant; as there are several, none is assumed."""

_WORDS = (
    "zero one two three four five six seven eight nine Alfa Bravo Charlie Delta Echo Foxtrot Golf Hotel Juliett"
    " Kilo Mike November Papa Quebec Romeo Tango Victor Whiskey X-ray Yankee Zulu"
)
_SPOKEN = dict(zip(ALPHABET, _WORDS.split(), strict=True))


class BadReferenceError(ValueError):
    """The text is not a reference; the message says why and what to do."""


def make(number: int) -> str:
    """Return the reference of the `number`th ticket, counted from 0.

    Raises ValueError below 0 and beyond the last body of five characters, some 28 million tickets.
    """
    value = _FIRST + number
    if number < 0 or value >= _RADIX ** (_BODY + 1):
        raise ValueError(f"there is no reference for ticket number {number}")
    body = ""
    while value or len(body) < _BODY:
        value, digit = divmod(value, _RADIX)
        body = ALPHABET[digit] + body
    return f"{PREFIX}-{body}-{_check_character(body)}"


def parse(text: str) -> str:
    """Return the reference that a text is or contains, as `make` writes it.

    It may be in any case, with or without dashes, spaces and prefix, in brackets, with invisible characters, or among
    other words; O is read as 0, I and L as 1. Raises BadReferenceError for a text without a reference, or with several.
    """
    as_made = _AS_MADE.fullmatch(text)
    if as_made is not None:
        return _checked(text, *as_made.groups())
    plain = _plain(text)
    within = _within(plain) if len(_AROUND.sub("", plain)) > len(f"{PREFIX}-00000-0") else []
    if len(within) > 1:
        raise BadReferenceError(f"{' and '.join(within)} are {len(within)} references; type one of them")
    return within[0] if within else _whole(plain)


def find_all(text: str) -> tuple[str, ...]:
    """Return the references with their prefix in a text, each once, in order. Wrong ones are left out.

    Only the first 20,000 characters are read.
    """
    found: dict[str, None] = {}
    for each in _WITHIN.finditer(_plain(text)):
        with suppress(BadReferenceError):
            found[_whole(each[0])] = None
    return tuple(found)


def looks_like_reference(text: str) -> bool:
    """Return whether a whole text is meant as a reference, even a wrong one, not as a name, company or number."""
    core = _AROUND.sub("", _plain(text[:_MOST_TEXT])) + ("-" if text.rstrip().endswith("-") else "")
    if _BEGUN.match(core) is None or len(_SEPARATORS.sub("", core)) > len(PREFIX) + _BODY + 2:
        return False
    return core.upper().startswith(PREFIX) or not core.replace("-", "").isdigit()


def typed_part(text: str) -> str:
    """Return the typed part of a reference without dashes, spaces and punctuation around it."""
    return _SEPARATORS.sub("", _AROUND.sub("", _plain(text[:_MOST_TEXT]))).translate(_HEARD_AS)


def number(text: str) -> int:
    """Return the number, counted from 0, of the ticket with this reference. Raises BadReferenceError."""
    _, body, _ = parse(text).split("-")
    return _value(body) - _FIRST


def spell(text: str) -> str:
    """Return a reference spelled out: `Charlie Delta, four Foxtrot seven Kilo, Alfa`. Raises BadReferenceError."""
    return ", ".join(" ".join(_SPOKEN[character] for character in part) for part in parse(text).split("-"))


def typed_beginning(text: str) -> str:
    """Return the beginning of a reference from its typed part: with its prefix and without dashes."""
    part = typed_part(text)
    return part if PREFIX.startswith(part[: len(PREFIX)]) else f"{PREFIX}{part}"


def _plain(text: str) -> str:
    """Return a text in plain characters: full-width letters as ASCII, every dash as `-`, no invisible characters."""
    plain = UNWANTED.sub("", text[:_MOST_TEXT])
    if not text.isascii():
        plain = UNWANTED.sub("", unicodedata.normalize("NFKC", plain))
        plain = _DASHES.sub("-", _JOINERS.sub("", plain))
    return _UNDERSCORED.sub(rf"{PREFIX}-\g<body>-\g<check>", plain) if "_" in plain else plain


def _within(plain: str) -> list[str]:
    """Return the references among other words, each once; those without the prefix only if none has it.

    Raises BadReferenceError where every candidate is wrong.
    """
    fault: BadReferenceError | None = None
    found: dict[str, None] = {}
    for each in _WITHIN.finditer(plain):
        try:
            found[_whole(each[0])] = None
        except BadReferenceError as error:
            fault = fault or error
    for each in () if found or fault else _BARE_WITHIN.finditer(plain):
        try:
            found[_whole(each[0])] = None
        except BadReferenceError:
            continue
    if not found and fault is not None:
        raise fault
    return list(found)


def _whole(text: str) -> str:
    """Return the reference that a whole plain text is. Raises BadReferenceError."""
    return _checked(text, *_split(text))


def _checked(text: str, body: str, check: str) -> str:
    """Return the reference of a body and a check character in the alphabet. Raises BadReferenceError."""
    if _check_character(body) != check:
        raise _bad(text, "the check character is wrong")
    if _value(body) < (_FIRST if len(body) == _BODY else _RADIX**_BODY):
        raise _bad(text, "no reference starts that low")
    return f"{PREFIX}-{body}-{check}"


def _split(text: str) -> tuple[str, str]:
    """Return the body and the check character of a typed text, in the alphabet. Raises BadReferenceError."""
    core = _AROUND.sub("", text)
    compact = _SEPARATORS.sub("", core).translate(_HEARD_AS)
    for character in compact:
        if character in _NEVER:
            raise _bad(text, f"no reference contains {character} (perhaps {_NEVER[character]})")
        if character not in ALPHABET:
            raise _bad(text, "a reference has only letters and digits")
    whole = len(PREFIX) + _BODY + 1
    if len(compact) in (whole, whole + 1):
        if not compact.startswith(PREFIX):
            raise _bad(text, f"a reference of that length begins with {PREFIX}")
        compact = compact.removeprefix(PREFIX)
    # Six characters that begin with the prefix are a reference with one missing, not a long body without prefix;
    # likewise where a bracket or another mark may stand for a character.
    elif len(compact) not in (_BODY + 1, _BODY + 2) or (
        len(compact) > _BODY + 1 and (compact.startswith(PREFIX) or core != text.strip())
    ):
        raise _bad(text, f"a reference has {PREFIX}, {_BODY} or {_BODY + 1} characters and a check character")
    return compact[:-1], compact[-1]


def _bad(text: str, why: str) -> BadReferenceError:
    shown = "".join(character if character.isprintable() else "?" for character in text.strip()[:20])
    if not (shown.upper().startswith(PREFIX) or any(each.isdigit() for each in shown)):
        return BadReferenceError(f"{shown or 'Nothing'} is not a reference: one looks like CD-4CAG-H")
    return BadReferenceError(f"{shown} is not a reference: {why}; ask for it again")


def _value(body: str) -> int:
    value = 0
    for character in body:
        value = value * _RADIX + ALPHABET.index(character)
    return value


def _check_character(body: str) -> str:
    # Imported late: stdnum imports ssl and others, which would slow down every start.
    from stdnum.iso7064 import mod_37_2

    return mod_37_2.calc_check_digit(body, alphabet=ALPHABET)
