"""How the command line fails: one line, the right exit code, and never a traceback."""

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from supportdesk.cli.context import CliContext
from supportdesk.cli.root import SECTIONS, root
from tests.cli.prompt import TREE, Prompt, call, call_in_a_shell

NEEDS_A_DESK = [
    ["queue"],
    ["show", "CD-4C00-W"],
    ["explain", "CD-4C00-W"],
    ["claim", "CD-4C00-W"],
    ["verify"],
    ["backup", "copy.db"],
    ["export", "desk.jsonl"],
    ["staff", "list"],
]


@pytest.mark.parametrize("line", NEEDS_A_DESK, ids=lambda line: line[0])
def test_without_a_desk_it_fails_and_says_how_to_create_one(line: list[str], tmp_path: Path) -> None:
    missing = tmp_path / "no.db"
    answer = call("--db", str(missing), *line)
    assert (answer.code, answer.out) == (1, "")
    assert answer.err.count("\n") == 1
    assert f"Create one with `supportdesk --db {missing} init`" in answer.err
    assert not missing.exists()


@pytest.mark.parametrize("content", [b"", b"no database at all", b"SQLite format 3\x00" + bytes(100)])
@pytest.mark.parametrize("line", NEEDS_A_DESK[:4], ids=lambda line: line[0])
def test_a_file_that_is_not_a_desk_fails_in_one_line(line: list[str], content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    path.write_bytes(content)
    answer = call("--db", str(path), *line)
    assert (answer.code, answer.out) == (1, "")
    assert answer.err.count("\n") == 1
    assert path.read_bytes() == content


@pytest.mark.sqlite
def test_a_damaged_desk_fails_in_words(ann: Prompt) -> None:
    path = Path(ann.address)
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * (size - 4096))
    answer = ann("queue")
    assert (answer.code, answer.out) == (1, "")
    assert "damaged" in answer.err
    assert answer.err.count("\n") == 1


def test_an_error_that_nobody_foresaw_is_one_line_and_a_crash_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = "Jo Park rang"

    def fail(context: CliContext) -> None:
        raise ValueError(words)

    monkeypatch.setattr(CliContext, "desk", fail)
    ran = CliRunner(catch_exceptions=False).invoke(root, ["show", "CD-4C00-W"])
    assert (ran.exit_code, ran.stdout, ran.stderr.count("\n")) == (1, "", 1)
    assert "supportdesk stopped: ValueError" in ran.stderr
    (log,) = tmp_path.rglob("crash.log")
    assert str(log) in ran.stderr
    assert words not in ran.stderr + log.read_text()


def test_a_password_in_an_address_is_never_shown() -> None:
    for command in ("queue", "init", "doctor"):
        answer = call("--db", "postgresql://ann:hunter2@db.example/desk", command)
        assert answer.code == 1
        assert "hunter2" not in answer.out + answer.err


def test_an_option_of_the_program_after_the_command_is_put_right(ann: Prompt) -> None:
    assert "--db goes before the command" in ann.refused("queue", "--db", "x")
    assert "--as goes before the command" in ann.refused("claim", "CD-4C00-W", "--as", "sam")


def test_an_unknown_command_is_refused_with_what_comes_near() -> None:
    answer = call("quee")
    assert (answer.code, answer.out) == (2, "")
    assert "Did you mean queue?" in answer.err


def test_the_beginning_of_a_command_is_answered_with_the_commands_that_begin_so() -> None:
    assert "Did you mean acknowledge?" in call("ack").err
    assert "Did you mean handover or handback?" in call("hand").err


@pytest.mark.parametrize(
    "group", ["staff", "rota", "organisation", "contact", "release", "knowledge", "policy", "day"]
)
def test_a_group_without_a_command_shows_its_commands(group: str) -> None:
    answer = call(group)
    assert answer.code == 2
    assert "Commands:" in answer.err


def test_every_command_has_its_help() -> None:
    for names in SECTIONS.values():
        for name in names:
            answer = call(name, "--help")
            assert answer.code == 0
            assert answer.out.startswith("Usage:")


def test_a_reader_that_has_gone_ends_it_quietly(ann: Prompt) -> None:
    line = [sys.executable, "-m", "supportdesk", "--db", ann.address, "queue"]
    with subprocess.Popen(line, cwd=TREE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as program:
        assert program.stdout is not None
        assert program.stderr is not None
        program.stdout.close()
        told = program.stderr.read()
    assert (program.returncode, told) == (141, b"")


INTERRUPTED = """
import io, signal, sys
from supportdesk.cli import main

class HalfTyped(io.BytesIO):
    def read(self, size=-1):
        signal.raise_signal(signal.SIGINT)
        return super().read(size)

# Whoever runs the tests in the background may have it ignored.
signal.signal(signal.SIGINT, signal.default_int_handler)
sys.stdin = io.TextIOWrapper(HalfTyped(b"half a note"))
main()
"""
"""The program, with an interrupt that comes while it reads."""


def test_an_interrupt_ends_it_quietly(ann: Prompt) -> None:
    ref = ann.log()
    line = [sys.executable, "-c", INTERRUPTED, "--db", ann.address, "--as", "ann", "note", ref]
    program = subprocess.run(line, cwd=TREE, check=False, capture_output=True)
    assert (program.returncode, program.stdout, program.stderr.strip()) == (130, b"", b"")
    assert len(ann.ticket(ref)["timeline"]) == 1


@pytest.mark.slow
def test_in_a_shell_a_bad_request_is_2_a_failure_is_1_and_all_well_is_0(ann: Prompt, tmp_path: Path) -> None:
    assert call_in_a_shell("--db", ann.address, "queue", "--json").json == []
    assert call_in_a_shell("--db", ann.address, "show", "CD-1").code == 2
    failed = call_in_a_shell("queue", SUPPORTDESK_DB=str(tmp_path / "no.db"))
    assert (failed.code, failed.out) == (1, "")
    assert "Traceback" not in failed.err


def test_an_option_that_is_empty_is_refused_instead_of_meaning_another_desk_or_person(ann: Prompt) -> None:
    assert call("--db", "", "queue").code == 2
    assert "--as is empty" in call("--db", ann.address, "--as", " ", "queue").err


IMPOSSIBLE = {
    "of no user": "~nobody-here/desk.db",
    "in a file": "/dev/null/desk.db",
    "too long": "x" * 5_000,
    "of another kind": "weird://",
    "of no kind": "://",
    "with a nothing in it": "a\x00b",
}


@pytest.mark.parametrize("address", IMPOSSIBLE.values(), ids=IMPOSSIBLE.keys())
def test_an_address_that_cannot_be_fails_in_words(address: str) -> None:
    for command in ("queue", "init"):
        answer = call("--db", address, command)
        assert (answer.code, answer.out) == (1, "")
        assert answer.err.startswith("Error: ")


def test_a_byte_of_an_address_that_is_not_text_is_shown() -> None:
    assert "x\\x80x.db" in call("--db", "/nowhere/x\udc80x.db", "queue").err


NO_TEXT = "caf\udce9\x1b[31m"
"""What Python makes of an argument that is not UTF-8, and an escape."""


@pytest.mark.parametrize(
    "line",
    [
        ["queue", NO_TEXT],
        ["show", NO_TEXT],
        [NO_TEXT],
        ["organisation", "change", NO_TEXT],
        ["staff", "change", NO_TEXT],
        ["contact", "list", NO_TEXT],
        ["assign", "CD-4C00-W", "--owner", NO_TEXT],
        ["article", "CD-4C00-W", "--article", NO_TEXT],
        ["policy", "check", NO_TEXT],
        ["import", "servicenow", NO_TEXT],
        ["due", "--severity", NO_TEXT, "--at", "2026-01-01"],
        ["due", "--severity", "high", "--at", NO_TEXT],
    ],
    ids=lambda line: " ".join(line[:2]).replace(NO_TEXT, "it"),
)
def test_an_argument_that_is_no_text_is_refused_and_not_repeated_to_the_terminal(
    ann: Prompt, line: list[str]
) -> None:
    told = ann.refused(*line)
    assert "\x1b" not in told
    assert "Error: " in told


def test_somebody_with_a_name_that_is_no_text_is_not_on_the_staff(ann: Prompt) -> None:
    assert "not on the staff" in ann.by(NO_TEXT).refused("claim", "CD-4C00-W")


LONG = {"a word": "x" * 5_000, "many words": "never ending " * 400, "of a ticket": "CD-" + "4" * 5_000}


@pytest.mark.parametrize("argument", LONG.values(), ids=LONG.keys())
def test_an_argument_that_is_very_long_is_cut_where_it_is_repeated(ann: Prompt, argument: str) -> None:
    for line in (
        ["show", argument],
        [argument],
        [f"--{argument}"],
        ["queue", argument],
        ["staff", "change", argument],
        ["organisation", "change", argument],
        ["log", "--severity", argument, "--channel", "phone", "--summary", "x"],
        ["due", "--severity", argument, "--at", "2026-01-01"],
        ["due", "--severity", "high", "--at", argument],
        ["assign", "CD-4C00-W", "--owner", argument],
        ["policy", "check", argument],
        ["import", "servicenow", argument],
        ["verify", "--expect", argument],
        ["release", "move", argument, "--day", "2026-12-01"],
        ["rota", "set", argument],
        ["fix", "CD-4C00-W", "--release", argument],
        ["day", "close", argument],
    ):
        told = ann(*line).err
        assert len(told) < 1_000, (line[:2], told[:300])
        assert "Error: " in told
    for told in (call("--db", argument, "queue").err, ann.by(argument).refused("claim", "CD-4C00-W")):
        assert len(told) < 1_000
