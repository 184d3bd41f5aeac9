"""The tests run on the kinds of database that they ask for, or all on the one that was chosen."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from tests import databases
from tests.postgres import find_programs

pytestmark = pytest.mark.long

TREE = Path(__file__).resolve().parent.parent
CASES = """
import pytest
from tests.databases import address_at, chosen_kind

def test_one(tmp_path):
    with open(NOTES, "a") as notes:
        print("one", chosen_kind(), address_at(tmp_path / "desk.db").partition(":")[0] == "postgresql+psycopg",
              file=notes)

def test_both(database_kind):
    with open(NOTES, "a") as notes:
        print("both", database_kind, chosen_kind() == database_kind, file=notes)

@pytest.mark.sqlite
def test_files():
    with open(NOTES, "a") as notes:
        print("files", chosen_kind(), file=notes)

@pytest.mark.sqlite
def test_files_of_both(database_kind):
    pass
"""
CASES_OF_SERVER = """
import pytest
from tests.databases import POSTGRES, use

@pytest.mark.server
def test_marked():
    with use(POSTGRES):
        pass

def test_not_marked():
    with use(POSTGRES):
        pass
"""
WITHOUT_SERVER = """
from tests import postgres

postgres.PLACES = "/nowhere"
postgres.shutil.which = lambda name: None
"""

COMMAND = (sys.executable, "-m", "pytest", "-p", "tests.conftest", "-p", "no:cacheprovider", "-c", os.devnull)

needs_server = pytest.mark.skipif(find_programs() is None, reason=databases.NOT_INSTALLED)


def run(folder: Path, *options: str, cases: str = CASES) -> tuple[int, str, list[str]]:
    """Run the cases; return the exit code, what was printed, and what the cases noted, in alphabetical order."""
    notes = folder / "notes"
    notes.touch()
    (folder / "test_cases.py").write_text(f"NOTES = {str(notes)!r}\n{cases}")
    (folder / "without_server.py").write_text(WITHOUT_SERVER)
    ran = subprocess.run(
        [*COMMAND, "--rootdir", str(folder), "-rs", *options, str(folder / "test_cases.py")],
        cwd=TREE,
        env={**os.environ, "CI": "", "PYTHONPATH": f"{TREE}{os.pathsep}{folder}"},
        check=False,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    return ran.returncode, ran.stdout, sorted(notes.read_text().splitlines())


@needs_server
def test_each_test_runs_on_the_kinds_that_it_asks_for(tmp_path: Path) -> None:
    code, printed, noted = run(tmp_path, "-n", "0")
    assert code == 0, printed
    assert noted == ["both postgres True", "both sqlite True", "files sqlite", "one sqlite False"]
    assert "5 passed" in printed
    assert "left out" not in printed


@pytest.mark.straggler
@needs_server
@pytest.mark.parametrize("workers", ["0", pytest.param("1", marks=pytest.mark.long)])
def test_all_tests_run_on_the_database_that_was_chosen_and_those_about_files_are_counted(
    tmp_path: Path, workers: str
) -> None:
    code, printed, noted = run(tmp_path, "-n", workers, "--database", "postgres")
    assert code == 0, printed
    assert noted == ["both postgres True", "one postgres True"]
    assert "2 passed" in printed
    assert "Left out on postgres, as they are about another kind of database or about none: 2." in printed


@needs_server
def test_a_run_on_postgresql_leaves_out_the_tests_that_make_no_desk() -> None:
    own, by_fixture = "tests/test_closed_tickets.py", "tests/cli/test_call.py"
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-n", "0", "-m", ""]
    ran = subprocess.run(
        [*command, "--database", "postgres", own, by_fixture, "tests/sla/test_skipped_days.py"],
        cwd=TREE,
        check=False,
        text=True,
        stdout=subprocess.PIPE,
    )
    assert ran.returncode == 0, ran.stdout
    collected = {line.partition("::")[0] for line in ran.stdout.splitlines() if "::" in line}
    assert collected == {own, by_fixture}


@needs_server
def test_a_run_on_files_leaves_out_what_needs_a_server_and_says_where_that_mark_is_missing(
    tmp_path: Path,
) -> None:
    code, printed, _ = run(tmp_path, "-n", "0", "--database", "sqlite", cases=CASES_OF_SERVER)
    assert code == 1, printed
    assert "1 failed" in printed
    assert "passed" not in printed
    assert "test_not_marked" in printed
    assert "this run is on files only: mark the test with `server`" in printed
    assert "Left out on sqlite, as they are about another kind of database or about none: 1." in printed


@pytest.mark.long
def test_all_tests_run_on_files_where_no_server_is_installed_and_the_others_are_skipped(
    tmp_path: Path,
) -> None:
    code, printed, noted = run(tmp_path, "-n", "0", "-p", "without_server")
    assert code == 0, printed
    assert noted == ["both sqlite True", "files sqlite", "one sqlite False"]
    assert re.search(r"SKIPPED .*PostgreSQL is not installed: apt-get install postgresql", printed)
    code, printed, _ = run(tmp_path, "-n", "0", "--database", "sqlite", "-p", "without_server")
    assert "4 passed" in printed
    assert "skipped" not in printed


def test_a_database_that_is_not_installed_cannot_be_chosen(tmp_path: Path) -> None:
    code, printed, noted = run(tmp_path, "-n", "0", "--database", "postgres", "-p", "without_server")
    assert (code, noted) == (pytest.ExitCode.USAGE_ERROR, [])
    assert databases.NOT_INSTALLED in printed


def test_a_desk_at_a_path_is_always_the_same_and_is_removed_with_its_folder(
    database_kind: str, tmp_path: Path
) -> None:
    here, there = tmp_path / "desk.db", tmp_path / "gone" / "desk.db"
    there.parent.mkdir()
    address = databases.address_at(here)
    assert databases.address_at(here) == address
    assert databases.address_at(there) != address
    before = databases.address_at(there)
    there.parent.rmdir()
    databases.begin_test(database_kind)
    assert databases.address_at(here) == address
    there.parent.mkdir()
    if database_kind == databases.POSTGRES:
        assert databases.address_at(there) != before
        with pytest.raises(psycopg.OperationalError, match="does not exist"):
            psycopg.connect(before.replace("+psycopg", ""))
