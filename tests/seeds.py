"""Seeds and numbers of random histories: a few for every run, more for the long one, fewer for the quick one."""

from __future__ import annotations

import pytest
from _pytest.mark.structures import ParameterSet
from hypothesis import settings


def seeds(first: int, end: int, *, long_from: int) -> list[ParameterSet]:
    """Return the seeds from `first` to before `end` as parameters; those from `long_from` on are marked `long`."""
    return [
        pytest.param(seed, marks=[pytest.mark.long] if seed >= long_from else [])
        for seed in range(first, end)
    ]


def examples(usual: int) -> int:
    """Return how many examples a test tries that needs long for each: the usual number, a fifth in the quick run."""
    return max(usual // 5, 1) if settings.get_current_profile_name() == "brief" else usual
