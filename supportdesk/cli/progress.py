"""A progress bar on stderr, for what takes longer than a moment."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from click._termui_impl import ProgressBar


@contextmanager
def progress(label: str) -> Iterator[Callable[[int, int], None]]:
    """A function that is told how many of how many are done. The bar is for terminals only."""
    with ExitStack() as stack:
        bars: list[ProgressBar[Any]] = []

        def told(done: int, of: int) -> None:
            if not sys.stderr.isatty():
                return
            if not bars:
                bars.append(stack.enter_context(click.progressbar(length=of, label=label, file=sys.stderr)))
            bars[0].update(done - bars[0].pos)

        yield told
