"""The addresses at which messages reach the staff, and their quiet hours, as people type and read them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import time

from supportdesk.sla.formatting import amount
from supportdesk.tickets.day_grammar import ImpossibleTimeError
from supportdesk.tickets.documents import Address, QuietHours
from supportdesk.tickets.durations import parse_duration
from supportdesk.tickets.plain_text import clean_line
from supportdesk.tickets.time_of_day import parse_time
from supportdesk.tickets.typed_text import TimeInputError, plain_words, quoted

LONGEST_DELAY = 24 * 3_600
"""The longest delay of an address, in seconds."""

MOST_ADDRESSES = 10

_METHOD = re.compile(r"[a-z][a-z0-9-]{0,29}")
_DELAYED = re.compile(r"(?P<target>.*\S)\s+after\s+(?P<delay>\S.*)", re.IGNORECASE)
_LONGEST_TARGET = 200
_EXAMPLE = "type sms +44 7700 900123, or call +44 7700 900123 after 2 min"
_QUIET_EXAMPLE = "type 22:00-07:00"


class AddressError(ValueError):
    """A text is not an address or not quiet hours; the message says why, and what can be typed."""


def parse_address(text: str) -> Address:
    """Return a typed address: a method, its target, and perhaps `after` a duration. Raises AddressError."""
    method, _, rest = clean_line(text, 2 * _LONGEST_TARGET).text.strip().partition(" ")
    target, delay = rest.strip(), 0
    delayed = _DELAYED.fullmatch(target)
    if delayed is not None:
        try:
            target, delay = delayed["target"], parse_duration(delayed["delay"], unit="m", example="2 min")
        except TimeInputError as error:
            raise AddressError(str(error)) from error
    address = Address(method.lower(), target, delay)
    fault = find_address_fault(address)
    if fault is not None:
        raise AddressError(fault)
    return address


def parse_addresses(text: str) -> tuple[Address, ...]:
    """Return typed addresses, separated by semicolons; none for an empty text. Raises AddressError."""
    return tuple(parse_address(each) for each in text.split(";") if each.strip())


def parse_quiet_hours(text: str) -> QuietHours | None:
    """Return typed quiet hours: two times of day with a dash between them; None for an empty text.

    Raises AddressError.
    """
    if not text.strip():
        return None
    try:
        start, dash, end = plain_words(text).replace(" to ", "-").partition("-")
        times = [parse_time(each.strip()) for each in (start, end)] if dash else []
    except (TimeInputError, ImpossibleTimeError) as error:
        raise AddressError(f"{error}; {_QUIET_EXAMPLE}") from error
    found = [time(each.hour, each.minute) for each in times if each is not None and not each.zone]
    if len(found) != 2 or found[0] == found[1]:
        raise AddressError(f"{quoted(text)} are no quiet hours; {_QUIET_EXAMPLE}")
    return QuietHours(*found)


def format_address(address: Address) -> str:
    """Return an address as it can be typed: `call +44 7700 900123 after 2 min`."""
    delay = f" after {amount(address.delay)}" if address.delay else ""
    return f"{address.method} {address.target}{delay}"


def format_addresses(addresses: Iterable[Address]) -> str:
    """Return addresses as they can be typed, separated by semicolons."""
    return "; ".join(map(format_address, addresses))


def format_quiet_hours(hours: QuietHours | None) -> str:
    """Return quiet hours as they can be typed: `22:00-07:00`; empty without any."""
    return f"{hours.start:%H:%M}-{hours.end:%H:%M}" if hours is not None else ""


def find_addresses_fault(addresses: Iterable[Address]) -> str | None:
    """Return why these addresses cannot be a person's; None where they can."""
    listed = tuple(addresses)
    if len(listed) > MOST_ADDRESSES:
        return f"{len(listed)} addresses are too many; give at most {MOST_ADDRESSES}"
    places = [(each.method, each.target) for each in listed]
    twice = next((each for each in places if places.count(each) > 1), None)
    if twice is not None:
        return f"{' '.join(twice)} is given twice"
    return next(filter(None, map(find_address_fault, listed)), None)


def find_address_fault(address: Address) -> str | None:
    """Return why an address cannot be used; None where it can. Whether its method is set up, the watcher knows."""
    if _METHOD.fullmatch(address.method) is None:
        return f"{quoted(address.method)} cannot be a method of sending; {_EXAMPLE}"
    if not address.target or len(address.target) > _LONGEST_TARGET or ";" in address.target:
        return f"{address.method} needs a number or an address; {_EXAMPLE}"
    if not 0 <= address.delay <= LONGEST_DELAY:
        return f"{amount(address.delay)} is too long a delay; the longest is 24 h"
    return None
