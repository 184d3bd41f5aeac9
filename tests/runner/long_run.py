"""The steps of the long run, each of which can be run alone, so that an interrupted run can go on."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from tests.postgres import CHOSEN
from tests.runner import say
from tests.runner.checks import checks_running
from tests.runner.programs import POSTGRES
from tests.runner.pytest_run import PytestRun, run_pytest
from tests.runner.pythons import NoEnvironmentError, environment_of, other_pythons
from tests.runner.servers import WHEELS, NoServerError, installed

ON_POSTGRES = ("--database", "postgres")

ON_HOSTILE_SERVER = (
    "tests/store/test_change_watch.py",
    "tests/store/test_desk_machine.py",
    "tests/store/test_outbox.py",
    "tests/store/test_outbox_machine.py",
    "tests/store/test_record_search.py",
    "tests/store/test_search.py",
    "tests/store/test_writers.py",
)
"""Tests that the long run repeats on a hostile PostgreSQL server."""


class Outcome(NamedTuple):
    """What came of one run of a step, and the line that says more of it."""

    name: str
    failed: bool
    summary: str


def run_checks() -> Iterator[Outcome]:
    """Run every check."""
    with checks_running() as failed:
        pass
    yield Outcome("checks", bool(failed), f"{', '.join(failed)} failed" if failed else "passed")


def run_suite() -> Iterator[Outcome]:
    """Run all tests but the walks, with more random examples and their files on the disk."""
    yield _outcome(
        "suite", run_pytest(["-m", "not walk"], on_disk=True, variables={"HYPOTHESIS_PROFILE": "long"})
    )


def run_walks() -> Iterator[Outcome]:
    """Press random keys for a long time, in several walks beside each other."""
    yield _outcome("walks", run_pytest(["tests/walker", "-m", "walk"]))


def run_on_postgres() -> Iterator[Outcome]:
    """Run the tests that make a desk again with every desk on PostgreSQL, except those that ran there in the suite, and
    those that take minutes.
    """
    if shutil.which(POSTGRES):
        yield _outcome("postgres", run_pytest([*ON_POSTGRES, "-m", "not long and not each_database"]))
    else:
        yield Outcome("postgres", failed=False, summary=f"skipped: {POSTGRES} is missing")


def run_on_hostile_server() -> Iterator[Outcome]:
    """Run tests of the store on a PostgreSQL server that is hostile."""
    yield _outcome(
        "hostile", run_pytest([*ON_HOSTILE_SERVER, *ON_POSTGRES], variables={"HOSTILE_POSTGRES": "1"})
    )


def run_on_other_servers() -> Iterator[Outcome]:
    """Run the tests of the store on other versions of PostgreSQL."""
    for version in WHEELS:
        name = f"PostgreSQL {version}"
        try:
            with installed(version) as programs:
                yield _outcome(
                    name, run_pytest(["tests/store", *ON_POSTGRES], variables={CHOSEN: str(programs)})
                )
        except NoServerError as error:
            yield Outcome(name, failed=False, summary=f"skipped, since no server could be had: {error}")


def run_on_other_pythons() -> Iterator[Outcome]:
    """Run the tests on each other version of Python that is found, with fewer random examples."""
    for (major, minor), found in other_pythons().items():
        name = f"Python {major}.{minor}"
        if found.missing:
            yield Outcome(name, failed=False, summary=f"{found.path}: skipped: {found.missing}")
            continue
        try:
            with environment_of(found.path) as python:
                yield _outcome(name, run_pytest([], python=python, variables={"HYPOTHESIS_PROFILE": "brief"}))
        except NoEnvironmentError as error:
            reason = f"{found.path}: skipped, since no environment could be made: {error}"
            yield Outcome(name, failed=False, summary=reason)


STEPS: dict[str, Callable[[], Iterable[Outcome]]] = {
    "checks": run_checks,
    "suite": run_suite,
    "postgres": run_on_postgres,
    "hostile": run_on_hostile_server,
    "servers": run_on_other_servers,
    "pythons": run_on_other_pythons,
    "walks": run_walks,
}
"""The steps by the names by which they are chosen, in their order."""


def run_steps(chosen: Sequence[str]) -> int:
    """Run the chosen steps, each although others failed; print what came of each run, and return the exit code.

    The last line names the steps that failed, and how to repeat them.
    """
    began = time.monotonic()
    lines, failed = [], []
    for step in chosen:
        started = time.monotonic()
        for outcome in _outcomes(step):
            took = time.monotonic() - started
            lines.append((outcome.name, f"{outcome.summary} [{took:.0f} s]"))
            say(*lines[-1])
            failed += [step] if outcome.failed and step not in failed else []
            started = time.monotonic()
    print()
    for line in lines:
        say(*line)
    minutes = (time.monotonic() - began) / 60
    again = (
        f"; failed: {', '.join(failed)} (repeat: python -m tests --long {' '.join(failed)})" if failed else ""
    )
    say("long", f"{len(chosen) - len(failed)} of {len(chosen)} steps passed in {minutes:.0f} min{again}")
    return bool(failed)


def _outcomes(step: str) -> Iterator[Outcome]:
    """Yield what comes of a step; one that cannot go on has failed."""
    try:
        yield from STEPS[step]()
    except OSError as error:
        yield Outcome(step, failed=True, summary=str(error))


def _outcome(name: str, run: PytestRun) -> Outcome:
    return Outcome(name, run.exit_code != 0, run.closing.strip("= \n"))
