"""Fuzz for an hour: `python -m tests.fuzz [--hours 1] [NAME …]`.

Samples are mutations of the corpus. One that reaches lines of the program that none reached before is mutated further.
One that fails is made shorter, saved in the corpus and reported; the ordinary tests then fail until it is mended.
"""

from __future__ import annotations

import sys
import time
import traceback
from random import Random, SystemRandom

import click

from tests.fuzz.corpus import save_sample
from tests.fuzz.fuzzer import Finding, Fuzzer
from tests.fuzz.targets import TARGETS

SLICE = 5.0
"""Seconds for which one target is fuzzed before it is another's turn."""


@click.command()
@click.argument("names", nargs=-1, type=click.Choice(sorted(TARGETS)))
@click.option("--hours", type=float, default=1.0, show_default=True, help="How long to fuzz.")
@click.option("--seed", type=int, help="Repeat the samples of this seed; without it a new one is printed.")
def main(names: tuple[str, ...], hours: float, seed: int | None) -> None:
    """Give random samples to every reader of input, or to those NAMEd, and save those that make one fail."""
    seed = SystemRandom().randrange(1_000_000) if seed is None else seed
    click.echo(f"seed {seed}")
    fuzzers = [Fuzzer(TARGETS[name], Random(f"{seed}/{name}")) for name in names or TARGETS]
    end = time.monotonic() + 3_600 * hours
    found = 0
    while time.monotonic() < end:
        for fuzzer in fuzzers:
            for finding in fuzzer.fuzz(min(end, time.monotonic() + SLICE)):
                found += 1
                _report(fuzzer, finding)
    for fuzzer in fuzzers:
        click.echo(
            f"{fuzzer.target.name:>18}  {fuzzer.samples:9,} samples, {fuzzer.reached:5,} lines reached"
        )
    click.echo(f"{sum(fuzzer.samples for fuzzer in fuzzers):,} samples, {found} of which failed")
    sys.exit(1 if found else 0)


def _report(fuzzer: Fuzzer, finding: Finding) -> None:
    path = save_sample(fuzzer.target, finding.sample)
    click.echo(f"\n{fuzzer.target.name} failed; the sample is {path}: {finding.sample[:200]!r}")
    traceback.print_exception(finding.error)


if __name__ == "__main__":
    main()
