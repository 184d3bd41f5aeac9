"""A user's program gets a page as JSON, and its first word or exit code says what became of it."""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

import pytest

from supportdesk.access.program import run_program
from supportdesk.watcher.sending.command_sender import CommandSender
from supportdesk.watcher.sending.page_text import to_json
from supportdesk.watcher.sending.sender import SendOutcome, SendResult
from tests.patience import wait_for
from tests.watcher.sending.pages import page, poisoned

SOON = 0.4


def sh(script: str, timeout: float = 30) -> CommandSender:
    return CommandSender(("/bin/sh", "-c", script), timeout)


@pytest.mark.parametrize(
    ("script", "outcome", "detail"),
    [
        ("echo arrived at the gateway", SendOutcome.DELIVERED, "at the gateway"),
        ("echo ARRIVED: 7; echo more", SendOutcome.DELIVERED, "7"),
        ("echo not; exit 1", SendOutcome.NOT_DELIVERED, ""),
        ("echo not today", SendOutcome.NOT_DELIVERED, "today"),
        ("echo perhaps, the line was cut; exit 2", SendOutcome.POSSIBLY_DELIVERED, "the line was cut"),
        ("exit 0", SendOutcome.DELIVERED, ""),
        ("echo OK", SendOutcome.DELIVERED, "OK"),
        ("exit 1", SendOutcome.NOT_DELIVERED, "/bin/sh ended with code 1"),
        ("echo busy; exit 2", SendOutcome.NOT_DELIVERED, "/bin/sh ended with code 2: busy"),
        ("kill -9 $$", SendOutcome.POSSIBLY_DELIVERED, "/bin/sh was ended by SIGKILL"),
        (
            "echo arrived; exit 3",
            SendOutcome.POSSIBLY_DELIVERED,
            "/bin/sh said that it arrived, and ended with code 3",
        ),
    ],
)
def test_the_first_word_decides_or_else_the_exit_code(script: str, outcome: SendOutcome, detail: str) -> None:
    assert sh(script).send(page()) == SendResult(outcome, detail)


def test_a_program_can_say_that_no_other_attempt_will_help() -> None:
    assert sh("echo never: no such number").send(page()) == SendResult(
        SendOutcome.NOT_DELIVERED, "no such number", permanent=True
    )


def test_a_program_can_say_that_the_person_passes_the_page_on() -> None:
    assert sh("echo declined 2 was pressed").send(page()) == SendResult(
        SendOutcome.DELIVERED, "2 was pressed", declined=True
    )


def test_the_program_reads_the_page_and_its_arguments_hold_nothing_of_it(tmp_path: Path) -> None:
    script = f"cat > {tmp_path}/page; tr '\\0' ' ' < /proc/$$/cmdline > {tmp_path}/arguments; echo arrived"
    assert sh(script).send(page()).outcome is SendOutcome.DELIVERED
    assert (tmp_path / "page").read_bytes() == to_json(page())
    assert "Acme" not in (tmp_path / "arguments").read_text()


@pytest.mark.parametrize("name", ["/no/such/program", "no-such-program", "/etc/hostname", "/tmp", "a\0b", ""])
def test_a_program_that_cannot_be_started_did_not_send_it(name: str) -> None:
    result = CommandSender((name,), 30).send(page())
    assert result.outcome is SendOutcome.NOT_DELIVERED
    assert "cannot be started" in result.detail


def test_a_script_that_is_missing_did_not_send_it() -> None:
    result = CommandSender((sys.executable, "/no/such/script.py"), 30).send(page())
    assert result.outcome is SendOutcome.NOT_DELIVERED


def test_a_program_that_hangs_is_ended_with_its_children_and_may_have_sent_it(tmp_path: Path) -> None:
    result = sh(f"echo arrived; sleep 1000 & echo $! > {tmp_path}/child; wait", timeout=SOON).send(page())
    assert result == SendResult(
        SendOutcome.POSSIBLY_DELIVERED, "/bin/sh was ended after 0.4 s without an answer"
    )
    child = int((tmp_path / "child").read_text())
    wait_for(lambda: not _runs(child), lambda: f"{child} runs")


def test_a_program_that_hangs_can_clean_up_before_it_is_ended(tmp_path: Path) -> None:
    script = f"trap 'echo cleaned > {tmp_path}/said; exit 3' TERM; while :; do sleep 0.05; done"
    assert sh(script, timeout=SOON).send(page()).outcome is SendOutcome.POSSIBLY_DELIVERED
    assert (tmp_path / "said").read_text() == "cleaned\n"


def test_a_program_that_ignores_the_request_to_end_is_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("supportdesk.access.program._CLEAN_UP", 0.1)
    script = f"trap '' TERM; echo $$ > {tmp_path}/own; while :; do sleep 1000; done"
    assert sh(script, timeout=SOON).send(page()).outcome is SendOutcome.POSSIBLY_DELIVERED
    assert not _runs(int((tmp_path / "own").read_text()))


def _runs(process: int) -> bool:
    try:
        return " Z " not in Path(f"/proc/{process}/stat").read_text()
    except OSError:
        return False


def test_a_child_that_goes_on_and_holds_the_output_open_is_not_waited_for(tmp_path: Path) -> None:
    started = time.monotonic()
    result = sh(f"sleep 1000 & echo $! > {tmp_path}/child; echo arrived").send(page())
    assert result.outcome is SendOutcome.DELIVERED
    assert time.monotonic() - started < 25
    os.kill(int((tmp_path / "child").read_text()), 9)


@pytest.mark.slow
def test_a_program_that_reads_nothing_or_prints_without_end_does_not_hold_the_sender() -> None:
    assert sh("exec 0<&-; echo arrived").send(poisoned()).outcome is SendOutcome.DELIVERED
    assert sh("exec yes arrived", timeout=SOON).send(page()).outcome is SendOutcome.POSSIBLY_DELIVERED
    assert sh("yes arrived | head -c 3000000; exit 0").send(page()).outcome is SendOutcome.DELIVERED


def test_a_large_text_is_written_and_the_output_is_cut() -> None:
    ended = run_program(
        ["/bin/sh", "-c", "wc -c; head -c 9000 /dev/zero"], b"x" * 1_000_000, timeout=30, most=100
    )
    assert ended.exit_code == 0
    assert ended.output.startswith("1000000")
    assert len(ended.output) == 100


def test_rubbish_becomes_one_short_plain_line() -> None:
    result = sh(r"printf '\033]52;c;aGk=\007\377\000 %01000d\n' 7; exit 1").send(page())
    assert result.outcome is SendOutcome.NOT_DELIVERED
    assert result.detail.isprintable()
    assert len(result.detail) < 300


def test_what_a_program_prints_to_its_standard_error_is_not_kept(capfd: pytest.CaptureFixture[str]) -> None:
    assert sh("echo hunter2 >&2; exit 1").send(page()).detail == "/bin/sh ended with code 1"
    assert "hunter2" not in "".join(capfd.readouterr())
    CommandSender(("/bin/sh", "-c", "echo why >&2; exit 1"), 30, show_errors=True).send(page())
    assert capfd.readouterr().err == "why\n"


def test_poison_in_every_field_reaches_the_program_as_good_json(tmp_path: Path) -> None:
    sh(f"cat > {tmp_path}/page; echo arrived").send(poisoned())
    assert json.loads((tmp_path / "page").read_bytes())["summary"].startswith("Fire Bcc:")
