"""Seeds of random histories: a few for every run, and more for the long one."""

from __future__ import annotations

import pytest
from _pytest.mark.structures import ParameterSet


def seeds(first: int, end: int, *, long_from: int) -> list[ParameterSet]:
    """Return the seeds from `first` to before `end` as parameters; those from `long_from` on are marked `long`."""
    return [
        pytest.param(seed, marks=[pytest.mark.long] if seed >= long_from else [])
        for seed in range(first, end)
    ]
