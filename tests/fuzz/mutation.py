"""Makes new samples of old ones: cuts, repeats, joins, and inserts what has made programs fail before."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from random import Random

from tests.fuzz.target import as_sample

_TEXTS = (Path(__file__).with_name("tricks.jsonl")).read_text(encoding="utf-8").splitlines()
_NO_TEXTS = (
    b"\xff",
    b"\xc3",
    b"\xed\xa0\x80",
    b"\xf4\x90\x80\x80",
    b"\xff\xfe",
    b"\xfe\xff",
    b"\x1f\x8b\x08",
)
TRICKS = (*(as_sample(json.loads(line)) for line in _TEXTS), *_NO_TEXTS)
"""Bytes that mean something somewhere: to terminals, Unicode, markup, parsers, databases and calendars."""

LONGEST = 20_000
"""Bytes of the longest sample that mutations make."""


def mutate(sample: bytes, others: Sequence[bytes], random: Random) -> bytes:
    """Return a sample changed in one to six places; parts may come from others."""
    for _ in range(random.choice((1, 1, 1, 2, 3, 6))):
        sample = _change(sample, others, random)[:LONGEST]
    return sample


def _change(sample: bytes, others: Sequence[bytes], random: Random) -> bytes:
    at = random.randint(0, len(sample))
    end = min(len(sample), at + random.choice((0, 1, 1, 2, 4, 16, 64)))
    match random.randrange(8):
        case 0 | 1 | 2:
            return sample[:at] + random.choice(TRICKS) + sample[end if random.random() < 0.5 else at :]
        case 3:
            return sample[:at] + sample[end:]
        case 4:
            return sample[:at] + sample[at:end] * random.choice((2, 3, 10, 100)) + sample[end:]
        case 5:
            other = random.choice(others) if others else b""
            start = random.randint(0, len(other))
            return sample[:at] + other[start : start + random.choice((1, 8, 64, 1000))] + sample[at:]
        case 6:
            return sample[:at] + bytes(random.randrange(256) for _ in range(end - at)) + sample[end:]
        case _:
            found = as_sample(
                chr(
                    random.choice(
                        (random.randrange(0x80), random.randrange(0x3000), random.randrange(0x110000))
                    )
                )
            )
            return sample[:at] + found + sample[at:]
