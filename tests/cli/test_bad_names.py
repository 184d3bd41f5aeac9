"""Files that cannot be: names that none can have, pipes, and no room for them; one sentence, and never a crash log."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from supportdesk.cli.context import CliContext
from supportdesk.cli.setup import LocalDeskSetup
from tests.cli.prompt import TREE, Prompt, call, call_in_a_shell

NAMES = {"~nouser/x": "there is no user 'nouser' here", "a" * 300: "File name too long"}

OF_A_DESK = [
    ["queue"],
    ["show", "CD-4C00-W"],
    ["init"],
    ["doctor"],
    ["verify"],
    ["backup", "copy.db"],
    ["demo", "--fill-only"],
    ["demo", "--fresh", "--fill-only"],
    pytest.param(["restore", "{desk}"], marks=pytest.mark.sqlite),
]


@pytest.mark.parametrize("name", NAMES, ids=["no user", "too long"])
@pytest.mark.parametrize("line", OF_A_DESK, ids=" ".join)
def test_a_desk_of_a_name_that_none_can_have_is_said_in_a_sentence(
    ann: Prompt, name: str, line: list[str]
) -> None:
    answer = call("--db", name, *(each.format(desk=ann.address) for each in line))
    assert answer.code == 1
    assert NAMES[name] in answer.err


@pytest.mark.parametrize("name", NAMES, ids=["no user", "too long"])
@pytest.mark.parametrize("command", ["backup", pytest.param("restore", marks=pytest.mark.sqlite)])
def test_a_backup_of_a_name_that_none_can_have_is_named(ann: Prompt, name: str, command: str) -> None:
    answer = ann(command, name)
    assert answer.code == 1
    assert NAMES[name] in answer.err
    assert name[:20] in answer.err
    assert ann.address not in answer.err


def test_a_report_of_a_bug_is_written_whatever_is_named() -> None:
    long = "a" * 300
    assert f"{long} (does not exist" in call("--config", long, "--version").out


@pytest.mark.parametrize("name", NAMES, ids=["no user", "too long"])
def test_the_set_up_says_why_another_desk_cannot_be_opened(name: str) -> None:
    assert NAMES[name] in (LocalDeskSetup(CliContext("new.db", "ann")).fault_of(name) or "")


def test_completion_knows_nothing_of_what_is_no_file(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    asked = {"_SUPPORTDESK_COMPLETE": "bash_complete", "COMP_WORDS": "supportdesk show CD", "COMP_CWORD": "2"}
    for name in (*NAMES, str(pipe), str(tmp_path)):
        answer = call_in_a_shell(SUPPORTDESK_DB=name, **asked)
        assert (answer.code, answer.out.strip(), answer.err) == (0, "", "")


@pytest.mark.sqlite
@pytest.mark.parametrize("suffix", ["-journal", "-wal"])
def test_a_pipe_beside_a_desk_is_not_waited_for(ann: Prompt, tmp_path: Path, suffix: str) -> None:
    pipe = Path(f"{ann.address}{suffix}")
    pipe.unlink(missing_ok=True)
    copy = tmp_path / "copy.db"
    ann.done("backup", str(copy))
    pipe.unlink(missing_ok=True)
    os.mkfifo(pipe)
    for line in (["queue"], ["doctor"], ["init"], ["verify"], ["backup", "other.db"]):
        answer = ann(*line)
        assert answer.code == 1
        assert f"{pipe} cannot be read (it is a pipe or a device, not a file)" in answer.err
    asked = {"_SUPPORTDESK_COMPLETE": "bash_complete", "COMP_WORDS": "supportdesk show CD", "COMP_CWORD": "2"}
    assert call_in_a_shell(SUPPORTDESK_DB=ann.address, **asked).out.strip() == ""
    assert "is restored" in ann.done("restore", str(copy))
    assert not pipe.exists()


@pytest.mark.slow
@pytest.mark.parametrize(
    "line", ["--db {new} init", "--db {new} demo --fill-only", "--db {desk} backup {new}"]
)
def test_a_file_for_which_there_is_no_room_is_the_one_that_is_named(
    ann: Prompt, tmp_path: Path, line: str
) -> None:
    new = tmp_path / "new.db"
    command = f"{sys.executable} -m supportdesk {line.format(new=new, desk=ann.address)}"
    ran = subprocess.run(
        ["sh", "-c", f"ulimit -f 16; {command}"], cwd=TREE, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 1
    assert ran.stderr.splitlines()[-1].startswith(f"Error: {new} cannot be ")
    assert list(tmp_path.glob("*new*")) == []
