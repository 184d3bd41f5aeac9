"""Reads complete dates and times as programs write them; each file has one order of day, month and year."""

from __future__ import annotations

import re
from datetime import datetime
from functools import lru_cache

from supportdesk.tickets.day_grammar import ImpossibleTimeError, check_day
from supportdesk.tickets.time_of_day import TimeForm, parse_offset, parse_time
from supportdesk.tickets.typed_text import TimeInputError, plain_words, quoted

_STAMP = re.compile(r"(\d{1,4})([-/.])(\d{1,2})\2(\d{1,4})[t ](?P<time>.+)", re.ASCII)


@lru_cache(maxsize=1 << 14)
def parse_timestamp(text: str, order: str) -> datetime:
    """Return a date and time in whole seconds; `order` is that of its date, `ymd`, `dmy` or `mdy`.

    It is naive where it has no offset. Results are cached, because the rows of an incident repeat their times. Raises
    TimeInputError, also for a year without its century.
    """
    found = _STAMP.fullmatch(plain_words(text))
    if found is None:
        raise TimeInputError(f"{quoted(text)} is not a date and time")
    fields = dict(zip(order, found.group(1, 3, 4), strict=True))
    try:
        time = parse_time(found["time"].strip())
        if time is None or time.form is not TimeForm.CLOCK or len(fields["y"]) != 4:
            raise TimeInputError(f"{quoted(text)} is not a date and time")
        day = check_day(fields["y"], fields["m"], fields["d"], None)
        offset = parse_offset(time.zone) if time.zone else None
    except ImpossibleTimeError as fault:
        raise TimeInputError(f"{quoted(text)}: {fault}") from fault
    if time.zone and offset is None:
        raise TimeInputError(f"{quoted(text)}: the zone {time.zone.upper()} is not known")
    assert day.year is not None
    return datetime(day.year, day.month, day.day, time.hour, time.minute, time.second, tzinfo=offset)
