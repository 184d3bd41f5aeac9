"""`python -m tests` runs every check and then the tests, and fails if any of them failed.

`--quick` leaves out the tests that need a terminal, and those that fill large desks or wait for other processes
(`SLOW`), runs those of both databases on files, and tries fewer random examples: some two minutes on two idle cores.
`--long` adds the tests that take minutes each, and then runs the tests with every desk on PostgreSQL, those of the
store on its other versions, and all on every other version of Python that is found. Other arguments are passed to
pytest.

All checks run even if some failed: beside each other, and the slowest of them beside the tests. The last line printed
is pytest's summary.
"""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from tests.postgres import CHOSEN
from tests.pythons import other_pythons, run_tests_on
from tests.servers import WHEELS, NoServerError, installed

TREE = Path(__file__).resolve().parent.parent
TOOLS = Path(sys.executable).parent
POSTGRES = "/usr/lib/postgresql/15/bin/postgres"
PROGRAMS = {
    "/usr/bin/prometheus-alertmanager": "prometheus-alertmanager",
    "/usr/lib/kannel/test/fakesmsc": "kannel-extras",
    "/usr/sbin/bearerbox": "kannel",
    "baresip": "baresip-core",
    "espeak-ng": "espeak-ng",
    "faketime": "faketime",
    "sox": "sox",
    "openssl": "openssl",
    "pgbouncer": "pgbouncer",
    POSTGRES: "postgresql",
    "tmux": "tmux",
}
"""Programs that some tests need, and Debian's package for each."""

LONG_PROGRAMS = {"etcd": "etcd-server", "patroni": "patroni"}
"""What only the long tests need."""

NEED_TERMINAL = ("tests/bench", "tests/console", "tests/days", "tests/terminal", "tests/walker")
"""Folders whose tests draw the console; `--quick` leaves them out."""

SLOW = (
    # They fill large desks.
    "tests/cli/test_demo.py",
    "tests/demo",
    "tests/intake/servicenow/test_real_log.py",
    # They start other programs, or the program itself many times, and wait for them.
    "tests/docs/paging",
    "tests/faults",
    "tests/store/test_restore.py",
    "tests/test_check_runner.py",
    "tests/test_databases.py",
    "tests/test_wheel.py",
    "tests/watcher/test_killed.py",
    "tests/watcher/test_killed_sender.py",
    "tests/watcher/test_moved_clock.py",
)
"""Tests that need no terminal but many seconds; `--quick` leaves them out."""

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

MEMORY = Path("/dev/shm")
"""The folder whose files Linux keeps in memory."""
ROOM = 4 << 30
"""Bytes that must be free there; the files of a run take a tenth of it."""

WORKERS = "3"
"""How many processes run the tests: one more than two cores, since a good part of the time some test waits for others.
"""

OPTIONS = {
    # An empty expression selects every test, including the long ones.
    "--long": ("-m", ""),
    # What is tested on both databases is tested on files here.
    "--quick": ("--database", "sqlite", *(f"--ignore={path}" for path in (*NEED_TERMINAL, *SLOW))),
}
"""The arguments of pytest for each option of this program."""

CHECKS = {
    "style": ["ruff", "check", "."],
    "layout": ["ruff", "format", "--check", "."],
    "arrows": ["lint-imports"],
    "dependencies": ["deptry", "."],
    "unused code": ["vulture"],
}
TYPES = {"types": ["mypy"]}
"""The check that takes half a minute the first time: it goes on while the tests run."""


class Check(NamedTuple):
    """What a check printed, whether it passed, and how many seconds it took."""

    printed: str
    passed: bool
    seconds: float


def main() -> int:
    """Run everything and return the exit code."""
    arguments = sys.argv[1:]
    if "--quick" not in arguments:
        install_programs(PROGRAMS | (LONG_PROGRAMS if "--long" in arguments else {}))
    with ThreadPoolExecutor(len(CHECKS) + 1) as pool:
        types, checks = (
            {name: pool.submit(check, each) for name, each in group.items()} for group in (TYPES, CHECKS)
        )
        failed = report(checks)
        exit_code, summary = run_tests(arguments)
        failed += report(types)
    if "--long" in arguments:
        failed += run_on_postgres(arguments)
        failed += run_on_hostile_server()
        failed += run_on_other_servers()
        failed += run_on_other_pythons()
    if failed:
        say("failed", ", ".join(failed))
    print(summary, end="", flush=True)
    return exit_code or bool(failed)


def install_programs(programs: Mapping[str, str]) -> None:
    """Install the programs that are missing, as root where there is apt-get; tests that lack one are skipped."""
    missing = [package for program, package in programs.items() if not shutil.which(program)]
    if not missing:
        return
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        say("programs", f"{', '.join(missing)} missing: the tests that need it are skipped")
        return
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    steps = (
        ["apt-get", "update", "-qq"],
        ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *missing],
    )
    done = all(
        subprocess.run(step, check=False, env=quiet, stdout=subprocess.DEVNULL).returncode == 0
        for step in steps
    )
    say("programs", f"{', '.join(missing)} {'installed' if done else 'could not be installed'}")


def check(command: list[str]) -> Check:
    """Run one tool of this environment on the tree."""
    started = time.monotonic()
    ran = subprocess.run(
        [TOOLS / command[0], *command[1:]],
        cwd=TREE,
        check=False,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    return Check(ran.stdout.rstrip(), ran.returncode == 0, time.monotonic() - started)


def report(checks: dict[str, Future[Check]]) -> list[str]:
    """Print the verdict of each check, after what it printed if it failed; return the names of those that failed."""
    failed = []
    for name, running in checks.items():
        done = running.result()
        if not done.passed:
            print(done.printed)
            failed.append(name)
        say(name, f"{'passed' if done.passed else 'FAILED'} in {done.seconds:.1f} s")
    return failed


def run_tests(arguments: list[str], **variables: str) -> tuple[int, str]:
    """Run pytest with `arguments` and print all but its last line; return its exit code and that line.

    `variables` are added to its environment.
    """
    options = [part for each in arguments for part in OPTIONS.get(each, (each,))]
    command = [sys.executable, "-m", "pytest", "-n", WORKERS, "--dist", "loadgroup", *options]
    if sys.stdout.isatty():
        command.append("--color=yes")
    say("tests", " ".join(["pytest", *command[3:]]))
    closing = ""
    with subprocess.Popen(
        command,
        cwd=TREE,
        env={**environment(arguments), **variables},
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    ) as pytest:
        assert pytest.stdout is not None
        for line in pytest.stdout:
            print(closing, end="", flush=True)
            closing = line
    return pytest.returncode, closing


def environment(arguments: list[str]) -> dict[str, str]:
    """Return the environment of pytest for the arguments of this program.

    Compiled modules are kept, since tests start the program hundreds of times. The files of the tests are in memory, so
    that tests do not wait for a disk; those of the long run are on the disk.
    """
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    if "--long" in arguments:
        return {"HYPOTHESIS_PROFILE": "long", **kept}
    if "--quick" in arguments:
        kept = {"HYPOTHESIS_PROFILE": "brief", **kept}
    return {"TMPDIR": str(MEMORY), **kept} if has_room(MEMORY) else kept


def has_room(folder: Path) -> bool:
    """Return whether the tests can have their files in `folder`, some of which are programs."""
    try:
        found = os.statvfs(folder)
    except OSError:
        return False
    return (
        found.f_bavail * found.f_frsize >= ROOM
        and not found.f_flag & os.ST_NOEXEC
        and os.access(folder, os.W_OK)
    )


def run_on_postgres(arguments: list[str]) -> list[str]:
    """Run the tests again with every desk on PostgreSQL; return the name of this step if any failed."""
    if not shutil.which(POSTGRES):
        say("PostgreSQL", f"skipped: {POSTGRES} is missing")
        return []
    exit_code, summary = run_tests([*arguments, "--database", "postgres"])
    say("PostgreSQL", summary.strip("= \n"))
    return ["PostgreSQL"] if exit_code else []


def run_on_hostile_server() -> list[str]:
    """Run tests of the store on a PostgreSQL server that is hostile; return the name of this step if any failed."""
    exit_code, summary = run_tests([*ON_HOSTILE_SERVER, "--database", "postgres"], HOSTILE_POSTGRES="1")
    say("hostile", summary.strip("= \n"))
    return ["hostile"] if exit_code else []


def run_on_other_servers() -> list[str]:
    """Run the tests of the store on other versions of PostgreSQL; return the names of those on which any failed."""
    failed = []
    for version in WHEELS:
        name = f"PostgreSQL {version}"
        try:
            with installed(version) as programs:
                exit_code, summary = run_tests(
                    ["tests/store", "--database", "postgres"], **{CHOSEN: str(programs)}
                )
        except NoServerError as error:
            say(name, f"skipped, since no server could be had: {error}")
            continue
        say(name, summary.strip("= \n"))
        failed += [name] if exit_code else []
    return failed


def run_on_other_pythons() -> list[str]:
    """Run the tests on each other version of Python that is found; return the names of those on which any failed."""
    failed = []
    for (major, minor), python in other_pythons().items():
        name = f"Python {major}.{minor}"
        if python.missing:
            say(name, f"{python.path}: skipped: {python.missing}")
            continue
        run = run_tests_on(python.path)
        if run.skipped:
            say(name, f"{python.path}: skipped, since no environment could be made: {run.skipped}")
            continue
        if not run.passed:
            print(run.printed)
            failed.append(name)
        say(name, f"{python.path}: {run.printed.strip().splitlines()[-1].strip('= ')}")
    return failed


def say(name: str, what: str) -> None:
    """Print one labelled line."""
    print(f"{name:>12}  {what}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
