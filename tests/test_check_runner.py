"""The README, `.ci/run` and the check runner hold what they promise."""

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests import __main__ as program
from tests.runner import TREE, long_run
from tests.runner.long_run import STEPS, Outcome, run_on_other_pythons, run_on_other_servers, run_steps
from tests.runner.pytest_run import MEMORY, NEED_TERMINAL, PytestRun, environment, has_room
from tests.runner.pythons import OtherPython, other_pythons
from tests.runner.servers import NoServerError, find_server

pytestmark = pytest.mark.slow


def test_ci_runs_the_command_that_the_readme_gives_for_the_tests() -> None:
    commands = re.findall(r"^```sh\n(.+)\n```$", (TREE / "README.md").read_text(), flags=re.MULTILINE)
    in_readme = [command for command in commands if command.endswith("-m tests")]
    in_ci = [line for line in (TREE / ".ci" / "run").read_text().splitlines() if line.endswith("-m tests")]
    assert len(in_readme) == 1
    assert in_ci == in_readme


def test_what_was_tested_is_pinned_by_name_and_version_only() -> None:
    lines = (TREE / "constraints.txt").read_text().splitlines()
    assert lines
    assert not [line for line in lines if not re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.+!]+", line)]


@pytest.mark.long
@pytest.mark.parametrize(
    ("ci", "workers", "exit_code"),
    [pytest.param("true", "0", 1, marks=pytest.mark.long), ("true", "1", 1), ("", "1", 0)],
)
def test_a_skip_fails_the_run_in_ci_and_only_there(
    tmp_path: Path, ci: str, workers: str, exit_code: int
) -> None:
    case = tmp_path / "test_skipping.py"
    case.write_text("import pytest\n\ndef test_nothing():\n    pytest.skip('no tmux')\n")
    command = [sys.executable, "-m", "pytest", "-p", "tests.conftest", "-p", "no:cacheprovider"]
    ran = subprocess.run(
        [*command, "-c", os.devnull, "--rootdir", tmp_path, "-n", workers, case],
        cwd=TREE,
        env={**os.environ, "CI": ci},
        check=False,
        text=True,
        stdout=subprocess.PIPE,
    )
    assert ran.returncode == exit_code, ran.stdout
    assert ("CI=true allows no skips" in ran.stdout) is bool(exit_code)
    assert re.search(r"1 skipped.* in [\d.]+s", ran.stdout.splitlines()[-1])


def test_what_the_quick_run_leaves_out_is_there() -> None:
    assert not [path for path in NEED_TERMINAL if not (TREE / path).exists()]


def test_the_quick_run_has_every_test_but_those_of_a_terminal_and_those_that_are_slow(tmp_path: Path) -> None:
    # The files are there, but the test in each is another, so that nothing need be imported.
    wanted = set()
    for path in (TREE / "tests").rglob("test_*.py"):
        place = str(path.relative_to(TREE))
        copy = tmp_path / place
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(
            "import pytest\n\ndef test_it():\n    pass\n\n@pytest.mark.slow\ndef test_slow():\n    pass\n"
        )
        if not place.startswith(NEED_TERMINAL):
            wanted.add(f"{place}::test_it")
    (tmp_path / "conftest.py").write_text(
        "def pytest_addoption(parser):\n    parser.addoption('--database')\n"
    )
    # No checks: each of the tools is `true`.
    for tool in ("ruff", "mypy", "lint-imports", "deptry", "vulture"):
        (tmp_path / tool).symlink_to("/bin/true")
    options = ["--quick", "--collect-only", "-q", "-p", "no:cacheprovider", "--import-mode=importlib"]
    ran = subprocess.run(
        [sys.executable, "-c", QUICK, str(tmp_path), *options],
        cwd=TREE,
        check=False,
        text=True,
        stdout=subprocess.PIPE,
    )
    assert ran.returncode == 0, ran.stdout
    assert {line for line in ran.stdout.splitlines() if "::" in line} == wanted


@pytest.mark.parametrize(
    ("blocks", "flags", "roomy"),
    [
        (5 << 20, 0, True),
        (1 << 14, 0, False),
        (5 << 20, os.ST_NOEXEC, False),
    ],
    ids=["enough", "64 MB, as in a container", "programs cannot be run"],
)
def test_the_tests_files_are_in_memory_where_there_is_room(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, blocks: int, flags: int, roomy: bool
) -> None:
    found = os.statvfs_result((4096, 4096, blocks, blocks, blocks, 1, 1, 1, flags, 255))
    monkeypatch.setattr(os, "statvfs", lambda _: found)
    assert has_room(tmp_path) is roomy


def test_a_system_without_files_in_memory_has_no_room_for_them(tmp_path: Path) -> None:
    assert not has_room(tmp_path / "missing")


def test_the_files_of_a_run_can_be_on_the_disk_and_a_chosen_folder_is_used(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("tests.runner.pytest_run.has_room", lambda _: True)
    monkeypatch.delenv("TMPDIR", raising=False)
    assert environment({}, on_disk=False)["TMPDIR"] == str(MEMORY)
    assert "TMPDIR" not in environment({}, on_disk=True)
    monkeypatch.setenv("TMPDIR", "/var/tmp")
    assert environment({}, on_disk=False)["TMPDIR"] == "/var/tmp"


@pytest.fixture
def only_these_pythons(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], None]:
    """Puts interpreters of the test's own on the path, and nothing else; they answer as the given script does."""
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path / "pyenv"))
    monkeypatch.setenv("PATH", str(tmp_path))

    def add(place: str, script: str) -> None:
        (tmp_path / place).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / place).write_text(f"#!/bin/sh\n{script}\n")
        (tmp_path / place).chmod(0o755)

    return add


def test_each_other_version_is_found_on_the_path_or_at_pyenv(
    only_these_pythons: Callable[[str, str], None], tmp_path: Path
) -> None:
    running = ".".join(map(str, sys.version_info[:2]))
    for place, script in {
        "python3.10": "echo 3 10",
        f"python{running}": f"echo {running.replace('.', ' ')}",
        "python3.97": "echo 'no such version' >&2; exit 127",
        "python3.98": "case $2 in *version*) echo 3 98;; *) echo 'No module named sqlite3' >&2; exit 1;; esac",
        "pyenv/versions/3.99.1/bin/python3": "echo 3 99",
    }.items():
        only_these_pythons(place, script)
    assert other_pythons() == {
        (3, 98): OtherPython(tmp_path / "python3.98", "No module named sqlite3"),
        (3, 99): OtherPython(tmp_path / "pyenv/versions/3.99.1/bin/python3", ""),
    }


class Runs(list[tuple[list[str], dict[str, str]]]):
    """The runs of pytest that were asked for, each of which fails: their arguments and variables."""

    def __call__(
        self, arguments: Sequence[str], *, variables: Mapping[str, str] | None = None, **_: object
    ) -> PytestRun:
        self.append((list(arguments), dict(variables or {})))
        return PytestRun(1, "==== 1 failed, 7 passed in 3.00s ====\n")


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> Runs:
    made = Runs()
    monkeypatch.setattr(long_run, "run_pytest", made)
    return made


def test_the_long_run_has_a_step_with_every_desk_on_postgresql(
    runs: Runs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(long_run, "POSTGRES", sys.executable)
    assert list(STEPS["postgres"]()) == [Outcome("postgres", True, "1 failed, 7 passed in 3.00s")]
    assert [arguments[:2] for arguments, _ in runs] == [["--database", "postgres"]]
    monkeypatch.setattr(long_run, "POSTGRES", "/nowhere/postgres")
    assert list(STEPS["postgres"]()) == [
        Outcome("postgres", False, "skipped: /nowhere/postgres is missing"),
    ]
    assert len(runs) == 1


def test_the_suite_and_the_walks_are_every_test_of_the_long_run(runs: Runs) -> None:
    for step in ("suite", "walks"):
        list(STEPS[step]())
    assert [arguments[arguments.index("-m") + 1] for arguments, _ in runs] == ["not walk", "walk"]


def test_every_step_of_the_long_run_runs_although_others_fail_and_the_last_line_sums_up(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def break_down() -> Iterator[Outcome]:
        raise OSError("no space left")

    monkeypatch.setattr(
        long_run,
        "STEPS",
        {
            "suite": lambda: [Outcome("suite", True, "1 failed")],
            "servers": break_down,
            "pythons": lambda: [Outcome("Python 3.12", False, "9 passed"), Outcome("Python 3.13", False, "")],
        },
    )
    assert run_steps(["suite", "servers", "pythons"]) == 1
    said, closing = capsys.readouterr().out.split("\n\n")
    for line in (
        r"suite  1 failed \[0 s\]",
        r"servers  no space left \[0 s\]",
        r"Python 3.12  9 passed \[0 s\]",
    ):
        assert re.search(line, said)
        assert re.search(line, closing)
    last = "long  1 of 3 steps passed in 0 min; failed: suite, servers (repeat: python -m tests --long suite servers)"
    assert closing.splitlines()[-1].strip() == last
    assert run_steps(["pythons"]) == 0


def test_steps_of_the_long_run_can_be_chosen(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    chosen: list[list[str]] = []

    def note(steps: list[str]) -> int:
        chosen.append(steps)
        return 0

    monkeypatch.setattr(program, "install_programs", lambda _: None)
    monkeypatch.setattr(long_run, "run_steps", note)
    for arguments in (["--long"], ["--long", "pythons", "walks"]):
        monkeypatch.setattr(sys, "argv", ["tests", *arguments])
        assert program.main() == 0
    assert chosen == [list(STEPS), ["pythons", "walks"]]
    monkeypatch.setattr(sys, "argv", ["tests", "--long", "python"])
    assert program.main() == 2
    assert "no step python; steps: checks, suite, " in capsys.readouterr().out


def test_a_python_that_makes_no_environment_is_skipped_with_the_reason(
    only_these_pythons: Callable[[str, str], None],
) -> None:
    only_these_pythons(
        "python3.98", "case $2 in *version*) echo 3 98;; venv) echo 'no space left'; exit 1;; esac"
    )
    only_these_pythons(
        "python3.99", "case $2 in *version*) echo 3 99;; *) echo 'No module named ssl'; exit 1;; esac"
    )
    first, second = run_on_other_pythons()
    assert (first.name, first.failed, second.name, second.failed) == (
        *("Python 3.98", False),
        *("Python 3.99", False),
    )
    assert first.summary.endswith(": skipped, since no environment could be made: no space left")
    assert second.summary.endswith(": skipped: No module named ssl")


def test_the_long_run_tests_the_store_on_other_servers_or_says_why_not(
    runs: Runs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    @contextmanager
    def install(version: int) -> Iterator[Path]:
        if version != 17:
            raise NoServerError("no space left")
        yield tmp_path

    monkeypatch.setattr(long_run, "installed", install)
    assert list(run_on_other_servers()) == [
        Outcome("PostgreSQL 16", False, "skipped, since no server could be had: no space left"),
        Outcome("PostgreSQL 17", True, "1 failed, 7 passed in 3.00s"),
        Outcome("PostgreSQL 18", False, "skipped, since no server could be had: no space left"),
    ]
    assert [(arguments[0], variables) for arguments, variables in runs] == [
        ("tests/store", {"TEST_POSTGRES": str(tmp_path)})
    ]


def test_a_server_is_found_by_its_version(tmp_path: Path) -> None:
    for number in (16, 18):
        folder = tmp_path / f"package/pginstall{number}/bin"
        folder.mkdir(parents=True)
        (folder / "postgres").write_text(f"#!/bin/sh\necho 'postgres (PostgreSQL) {number}.4'\n")
    assert find_server(tmp_path, 18) == tmp_path / "package/pginstall18/bin"
    with pytest.raises(NoServerError, match="has no PostgreSQL 17"):
        find_server(tmp_path, 17)


QUICK = """
import sys
from pathlib import Path
from tests import __main__ as program
from tests.runner import checks, pytest_run

pytest_run.TREE = checks.TREE = checks.TOOLS = Path(sys.argv.pop(1))
sys.exit(program.main())
"""
