"""Shell completion, tried in a real bash and by what zsh and fish ask; and the version for a bug report."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from supportdesk import __version__
from supportdesk.cli.commands.version import terminal
from tests.cli.prompt import TREE, Prompt, call

pytestmark = pytest.mark.slow

ASK = """
source {script}
COMP_WORDS=({words})
COMP_CWORD={place}
_supportdesk_completion supportdesk
printf '%s\n' "${{COMPREPLY[@]}}"
"""


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """A folder with the program in it, as it stands on a PATH."""
    folder = tmp_path / "bin"
    folder.mkdir()
    script = folder / "supportdesk"
    run = f"exec {shlex.quote(sys.executable)} -m supportdesk"
    script.write_text(f'#!/bin/sh\ncd {shlex.quote(str(TREE))} && {run} "$@"\n')
    script.chmod(0o755)
    return folder


def asked(program: Path, tmp_path: Path, *words: str, desk: str = "") -> tuple[list[str], str]:
    """What a real bash offers for the last word, and all that was printed to stderr."""
    script = tmp_path / "completion.bash"
    script.write_text(call("completion", "bash").out)
    quoted = " ".join(map(shlex.quote, words))
    ran = subprocess.run(
        ["bash", "--norc", "-c", ASK.format(script=script, words=quoted, place=len(words) - 1)],
        env={**os.environ, "PATH": f"{program}:{os.environ['PATH']}", "SUPPORTDESK_DB": desk},
        capture_output=True,
        text=True,
        check=True,
    )
    return ran.stdout.split(), ran.stderr


def test_bash_completes_commands_and_options(program: Path, tmp_path: Path) -> None:
    assert asked(program, tmp_path, "supportdesk", "cl") == (["claim", "close"], "")
    assert asked(program, tmp_path, "supportdesk", "staff", "a") == (["add"], "")
    assert asked(program, tmp_path, "supportdesk", "assign", "CD-4C00-W", "--own") == (["--owner"], "")


def test_bash_completes_what_the_desk_knows(ann: Prompt, program: Path, tmp_path: Path) -> None:
    ref = ann.log("high")

    def found(*words: str) -> list[str]:
        offered, told = asked(program, tmp_path, "supportdesk", *words, desk=ann.address)
        assert told == ""
        return offered

    for typed in ("cd-", "CD", ref[3:5], f"{ref[3:7].lower()}-", f"#{ref}"):
        assert found("claim", typed) == [ref]
    assert found("assign", ref, "--owner", "pr") == ["priya"]
    assert found("log", "--severity", "c") == ["critical", "change"]
    assert found("log", "--channel", "ho") == ["hotline"]
    assert found("fix", ref, "--release", "") == ["7.4"]
    assert found("article", ref, "--article", "KB") == ["KB-12"]
    assert found("staff", "change", "ma") == ["maya"]
    assert found("--as", "ma") == ["maya"]
    assert found("wait", ref, "--on", "th") == ["third-party"]
    ann.done("organisation", "add", "Ørsted", "--key", "orsted")
    for typed in ("ors", "ØRS", "O\u0338r"):
        assert found("log", "--organisation", typed) == ["Ørsted"]


@pytest.mark.parametrize(
    "desk", ["/no/such/desk.db", "postgresql://u:secret@nowhere/desk", "\x01", "/etc/passwd"]
)
def test_without_a_desk_nothing_is_offered_and_nothing_is_said(
    program: Path, tmp_path: Path, desk: str
) -> None:
    assert asked(program, tmp_path, "supportdesk", "claim", "CD", desk=desk) == ([], "")
    assert asked(program, tmp_path, "supportdesk", "log", "--severity", "", desk=desk) == ([], "")


NAME = 'Dee\'s $(touch oops) * \\ `x` & "Sons"'


@pytest.mark.parametrize(("begun", "end"), [("Dee", ""), ('"Dee', '"'), ("'Dee", "'")])
def test_a_name_that_is_completed_is_one_word_and_no_command(
    ann: Prompt, program: Path, tmp_path: Path, begun: str, end: str
) -> None:
    ann.done("organisation", "add", NAME)
    offered, told = asked(program, tmp_path, "supportdesk", "contact", "list", begun, desk=ann.address)
    assert told == ""
    typed = f"{end}{' '.join(offered)}{end}"
    run = subprocess.run(
        ["bash", "--norc", "-c", f"printf '%s\\n' {typed}"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout == f"{NAME}\n"
    assert not (tmp_path / "oops").exists()


@pytest.mark.parametrize(
    ("shell", "line"), [("zsh", "plain\npriya\nPriya Nair\n"), ("fish", "plain,priya\tPriya Nair\n")]
)
def test_zsh_and_fish_get_names_with_what_they_are(ann: Prompt, shell: str, line: str) -> None:
    script = call("completion", shell).out
    assert f"_SUPPORTDESK_COMPLETE={shell}_complete" in script
    words = {
        "zsh": ("supportdesk assign X --owner pr", "4"),
        "fish": ("supportdesk assign X --owner pr", "pr"),
    }[shell]
    ran = subprocess.run(
        [sys.executable, "-m", "supportdesk"],
        cwd=TREE,
        env={
            **os.environ,
            "SUPPORTDESK_DB": ann.address,
            "COMP_WORDS": words[0],
            "COMP_CWORD": words[1],
            "_SUPPORTDESK_COMPLETE": f"{shell}_complete",
        },
        capture_output=True,
        text=True,
        check=True,
    )
    assert (ran.stdout.replace("\r", ""), ran.stderr) == (line, "")


def test_a_shell_that_is_none_of_the_three_is_refused() -> None:
    assert "not one of bash, zsh, fish" in call("completion", "tcsh").err


def test_the_version_shows_what_a_bug_report_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "tmux-256color")
    monkeypatch.setenv("TMUX", "/tmp/tmux-0/default,1,0")
    lines = call("--version").out.splitlines()
    assert lines[0] == f"supportdesk {__version__}"
    assert all(name in lines[1] for name in ("Python 3.", "Textual ", "SQLAlchemy ", "SQLite "))
    assert "TERM=tmux-256color" in lines[3]
    assert "in tmux" in lines[3]
    assert "config.toml" in lines[4]
    assert lines[5].endswith("desk.db")


def test_the_version_never_shows_a_password() -> None:
    told = call("--db", "postgresql://desk:secret@db/desk", "--version").out
    assert "secret" not in told
    assert "postgresql://desk:***@db/desk" in told


def test_a_terminal_of_which_nothing_is_known_is_reported_so() -> None:
    assert terminal({}) == "unknown"
    assert terminal({"SSH_CONNECTION": "1", "NO_COLOR": "1"}) == "NO_COLOR=1, over SSH"
