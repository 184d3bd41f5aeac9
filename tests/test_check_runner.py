"""The README, `.ci/run` and the check runner hold what they promise."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.__main__ import NEED_TERMINAL, SLOW

TREE = Path(__file__).resolve().parent.parent


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


@pytest.mark.parametrize("workers", ["0", "1"])
@pytest.mark.parametrize(("ci", "exit_code"), [("true", 1), ("", 0)])
def test_a_skip_fails_the_run_in_ci_and_only_there(
    tmp_path: Path, ci: str, exit_code: int, workers: str
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
    assert not [path for path in (*NEED_TERMINAL, *SLOW) if not (TREE / path).exists()]


def test_the_quick_run_has_the_rules_and_the_store_and_nothing_that_draws(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests", "--quick", "--collect-only", "-q", "-p", "no:cacheprovider"]
    # No checks: each of the tools is `true`.
    for tool in ("ruff", "mypy", "lint-imports", "deptry", "vulture"):
        (tmp_path / tool).symlink_to("/bin/true")
    ran = subprocess.run(
        [command[0], "-c", QUICK, str(tmp_path), *command[3:]],
        cwd=TREE,
        check=False,
        text=True,
        stdout=subprocess.PIPE,
    )
    assert ran.returncode == 0, ran.stdout
    collected = {line.partition("::")[0] for line in ran.stdout.splitlines() if "::" in line}
    for folder in ("cli", "intake", "reports", "settings", "sla", "store", "tickets"):
        assert any(path.startswith(f"tests/{folder}/") for path in collected), folder
    assert not [path for path in collected if path.startswith((*NEED_TERMINAL, *SLOW))]


QUICK = """
import sys
from pathlib import Path
from tests import __main__ as runner

runner.TOOLS = Path(sys.argv.pop(1))
sys.exit(runner.main())
"""
