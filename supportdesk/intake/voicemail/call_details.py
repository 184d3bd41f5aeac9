"""What a telephone system says of the call that left a recording: in the file's name, or in a file beside it."""

from __future__ import annotations

import configparser
import json
import re
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import Struct

from supportdesk.tickets import telephone

_NO_DIGIT = r"(?<!\d)"
_TIME = re.compile(
    _NO_DIGIT
    + r"(20\d\d)[-_.]?(\d\d)[-_.]?(\d\d)[-_.T ]{0,3}(\d\d)[-_.:h]?(\d\d)(?:[-_.:m]?(\d\d))?s?(Z)?(?!\d)"
)
_EPOCH = re.compile(_NO_DIGIT + r"(1[5-9]\d{8}|2\d{9})(?:\.\d+)?(?!\d)")
_NUMBER = re.compile(r"(?<![\dA-Za-z+])\+?\d{4,15}(?!\d)")
_CALLER = ("caller", "callerid", "caller_id", "caller_number", "callernumber", "number", "from", "cid")
_UNKNOWN = re.compile(r"\W*(unknown|unavailable|invalid)", re.IGNORECASE)
_NAME = ("caller_name", "callername", "name")
_AT = ("origtime", "received_at", "timestamp", "time", "start", "date", "at")
_SECONDS = ("duration", "seconds", "length")


class CallDetails(Struct, frozen=True):
    """What is known of a call: the caller's number and name, when they called, and how long, in seconds.

    A number is empty where it `is_withheld`, and where nobody says it.
    """

    caller: str = ""
    name: str = ""
    at: datetime | None = None
    seconds: float | None = None
    is_withheld: bool = False

    def or_else(self, other: CallDetails) -> CallDetails:
        """Return these details, with those of another where these lack any."""
        return CallDetails(
            self.caller or other.caller,
            self.name or other.name,
            self.at or other.at,
            self.seconds if self.seconds is not None else other.seconds,
            not (self.caller or other.caller) and (self.is_withheld or other.is_withheld),
        )


def read_name(stem: str, zone: str) -> CallDetails:
    """Return what the name of a file says, without its ending: `20261127-193000_+442079460018`.

    Its time is in `zone`, unless it ends with a Z or is in seconds since 1970. Of several numbers, the longest is the
    caller's, as extensions are short.
    """
    at, rest = None, stem
    if (found := _TIME.search(stem)) is not None:
        at = _make_time([int(each or 0) for each in found.groups()[:6]], "UTC" if found[7] else zone)
        rest = f"{stem[: found.start()]} {stem[found.end() :]}"
    if at is None and (epoch := _EPOCH.search(rest)) is not None:
        at = datetime.fromtimestamp(int(epoch[1]), UTC)
    rest = _EPOCH.sub(" ", rest)
    numbers = _NUMBER.findall(rest)
    caller = max(numbers, key=lambda each: (each.startswith("+"), len(each)), default="")
    is_withheld = not caller and any(map(hides_number, re.split(r"[^A-Za-z]+", rest)))
    return CallDetails(caller, "", at, is_withheld=is_withheld)


def read_sidecar(text: str, zone: str) -> CallDetails:
    """Return what the file beside a recording says: Asterisk's `msg0001.txt`, or a JSON object. Nothing of others."""
    values = _read_json(text) if text.lstrip().startswith("{") else _read_ini(text)
    caller = _first(values, _CALLER)
    number, name = read_caller(caller)
    return CallDetails(
        number,
        _first(values, _NAME) or name,
        _read_time(values, zone),
        _read_seconds(_first(values, _SECONDS)),
        not number and hides_number(caller),
    )


def read_caller(text: str) -> tuple[str, str]:
    """Return number and name of a caller as a telephone system gives them: `"Jo Park" <+44 20 7946 0018>`."""
    if telephone.is_withheld(text):
        return "", ""
    if telephone.is_number(text):
        return telephone.extract_number(text), telephone.name_beside(text)
    return "", telephone.name_beside(text) or text.strip()


def hides_number(text: str) -> bool:
    """Return whether a telephone system says that the caller hid their number, and not that it does not know it."""
    return telephone.is_withheld(text) and not _UNKNOWN.match(text)


def _read_ini(text: str) -> dict[str, str]:
    parser = configparser.RawConfigParser(strict=False)
    try:
        parser.read_string(text)
    except configparser.Error:
        return {}
    return {name: value for section in parser.sections() for name, value in parser.items(section)}


def _read_json(text: str) -> dict[str, str]:
    try:
        found: Any = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    if not isinstance(found, dict):
        return {}
    return {
        str(name).lower(): str(value) for name, value in found.items() if isinstance(value, str | int | float)
    }


def _first(values: dict[str, str], names: tuple[str, ...]) -> str:
    return next((values[name].strip() for name in names if values.get(name, "").strip()), "")


def _read_time(values: dict[str, str], zone: str) -> datetime | None:
    for name in _AT:
        if (found := parse_time(values.get(name, "").strip(), zone)) is not None:
            return found
    return None


def parse_time(text: str, zone: str) -> datetime | None:
    """Return an instant in UTC: seconds since 1970, or ISO 8601, in `zone` where it has none. None for other texts."""
    try:
        if re.fullmatch(r"\d{9,11}(\.\d+)?", text):
            return datetime.fromtimestamp(int(float(text)), UTC)
        found = datetime.fromisoformat(text)
        return (found if found.tzinfo is not None else found.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _make_time(parts: list[int], zone: str) -> datetime | None:
    try:
        return datetime(*parts, tzinfo=ZoneInfo(zone)).astimezone(UTC)  # type: ignore[misc,arg-type]
    except (ValueError, OverflowError):
        return None


def _read_seconds(text: str) -> float | None:
    return float(text) if re.fullmatch(r"\d{1,6}(\.\d{1,3})?", text) else None
