"""Kills programs at any moment of what they do."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence

from tests.faults.program import program


def kill_at_any_moment(
    arguments: Sequence[str],
    *,
    kills: int,
    prepare: Callable[[], object],
    check: Callable[[bool], object],
) -> None:
    """Let a program run to its end, and then kill it so many times at any moment of that time.

    `prepare` comes before each run; `check` comes after it, and is told whether the program had ended by itself.
    """
    chance = random.Random(kills)
    prepare()
    began = time.monotonic()
    with program(*arguments) as whole:
        assert whole.wait().code == 0, whole.said
    seconds = time.monotonic() - began
    check(True)
    while kills:
        prepare()
        with program(*arguments) as victim:
            has_ended = victim.ends_within(chance.uniform(0, seconds))
            if has_ended:
                assert victim.wait().code == 0, victim.said
                seconds *= 0.9
            else:
                victim.kill()
                kills -= 1
        check(has_ended)
