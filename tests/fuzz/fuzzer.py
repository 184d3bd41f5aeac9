"""Looks for samples that make a target fail, guided by the lines that they reach."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from types import FrameType
from typing import Any

import msgspec

from tests.fuzz.corpus import read_samples
from tests.fuzz.mutation import mutate
from tests.fuzz.target import Target

PROGRAM = str(Path(__file__).resolve().parents[2] / "supportdesk")
MOST_KEPT = 2_000
"""Samples that are mutated further, besides those of the corpus."""

PATIENCE = 2.0
"""Seconds of the processor that a sample may take: all are short, and tracing makes them slower."""

_SHORTENS_FOR = 20.0
"""Seconds for which a sample that fails is made shorter."""

_TRACED = 4
"""One in so many samples is traced."""


class Finding(msgspec.Struct, frozen=True):
    """A sample that made a target fail, and how."""

    sample: bytes
    error: BaseException


class TooSlowError(AssertionError):
    """A sample took too long for its length."""


class Fuzzer:
    """Fuzzes one target. Failures at a place where one was found already are not reported again."""

    def __init__(self, target: Target, random: Random, clock: Callable[[], float] = time.monotonic) -> None:
        self.target = target
        self.samples = 0
        self._random = random
        self._clock = clock
        self._corpus = read_samples(target) or [b""]
        self._kept: list[bytes] = []
        self._lines: set[tuple[str, int]] = set()
        self._failures: set[tuple[str, str, int]] = set()

    @property
    def reached(self) -> int:
        """How many lines of the program the samples reached."""
        return len(self._lines)

    def fuzz(self, end: float) -> Iterator[Finding]:
        """Try samples until `end` by the clock, in seconds; yield those that fail, as short as possible."""
        while self._clock() < end:
            sample = self._next_sample()
            error = self._try(sample)
            if error is not None and self._is_new(error):
                yield Finding(self._shorten(sample, error), error)

    def _next_sample(self) -> bytes:
        self.samples += 1
        if self.samples <= len(self._corpus):
            return self._corpus[self.samples - 1]
        of = self._kept if self._kept and self._random.random() < 0.5 else self._corpus
        return mutate(self._random.choice(of), self._corpus, self._random)[: self.target.longest]

    def _try(self, sample: bytes) -> BaseException | None:
        before = len(self._lines)
        traced = self.samples % _TRACED == 1
        if traced:
            sys.settrace(self._trace_call)
        started = time.process_time()
        try:
            self.target.check(sample)
            took = time.process_time() - started
            if took > PATIENCE * (10 if traced else 1) + len(sample) / 50_000:
                raise TooSlowError(f"{took:.1f} s for {len(sample)} bytes")
        except Exception as error:  # noqa: BLE001 - whatever it is, it is a finding
            return error
        finally:
            sys.settrace(None)
        if len(self._lines) > before and len(self._kept) < MOST_KEPT:
            self._kept.append(sample)
        return None

    def _trace_call(self, frame: FrameType, event: str, argument: Any) -> Any:
        return self._trace_line if frame.f_code.co_filename.startswith(PROGRAM) else None

    def _trace_line(self, frame: FrameType, event: str, argument: Any) -> Any:
        self._lines.add((frame.f_code.co_filename, frame.f_lineno))
        return self._trace_line

    def _is_new(self, error: BaseException) -> bool:
        place = _place(error)
        is_new = place not in self._failures
        self._failures.add(place)
        return is_new

    def _shorten(self, sample: bytes, error: BaseException) -> bytes:
        """Return the shortest part of a sample, of those looked at, that fails at the same place."""
        place, size = _place(error), max(1, len(sample) // 2)
        until = self._clock() + _SHORTENS_FOR
        while size and self._clock() < until:
            for start in range(0, len(sample), size):
                shorter = sample[:start] + sample[start + size :]
                failed = self._try(shorter)
                if failed is not None and _place(failed) == place:
                    sample = shorter
                    break
            else:
                size //= 2
        return sample


def _place(error: BaseException) -> tuple[str, str, int]:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    frame = trace.tb_frame if trace is not None else None
    return type(error).__name__, frame.f_code.co_filename if frame else "", trace.tb_lineno if trace else 0
