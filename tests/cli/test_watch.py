"""`supportdesk watch`: one tick, the status, and a service that ends when it is told to."""

from __future__ import annotations

import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from supportdesk.heartbeat import (
    STOPPED,
    WATCHING,
    Heartbeat,
)
from supportdesk.store.location import find_heartbeat
from tests.cli.prompt import TREE, Prompt
from tests.patience import wait_for

pytestmark = pytest.mark.slow

CRITICAL = (
    "--severity",
    "critical",
    "--channel",
    "hotline",
    "--organisation",
    "Acme Ltd",
    "--contact",
    "Jo Park",
)


def beat(ann: Prompt, *, age: float = 0, **changes: object) -> None:
    """Somebody watches, and looked some seconds ago."""
    now = datetime.now(UTC)
    found = Heartbeat("desk1", 4711, "a" * 32, now, now - timedelta(seconds=age))
    find_heartbeat(ann.address).write(replace(found, **changes))


def test_one_tick_records_what_is_due(ann: Prompt) -> None:
    ref = ann.done("log", *CRITICAL, "--summary", "Everything hangs").split()[0]
    assert ann("watch", "--once").code == 0
    assert "escalated" not in ann.done("show", ref)
    ann.clock.set(ann.clock.now() + timedelta(minutes=5))
    answer = ann("watch", "--once")
    assert (answer.code, answer.out) == (0, "")
    assert f"{ref}: recorded what was due" in answer.err
    told = ann.done("show", ref)
    assert told.count("5 min without acknowledgement") == 1
    assert "paged Priya Nair on +44 7700 900104: 5 min without acknowledgement" in told
    assert "paged Priya Nair" in ann.done("explain", ref, "--escalations")
    assert find_heartbeat(ann.address).read() is None


def test_the_status_is_an_exit_code_and_a_sentence(ann: Prompt) -> None:
    answer = ann("watch", "--status")
    assert (answer.code, answer.err) == (
        1, "Error: Nobody watches this desk: run `supportdesk watch`, or leave a console open.\n",
    )  # fmt: skip
    beat(ann, age=3)
    answer = ann("watch", "--status")
    seen = "The watcher on desk1 (process 4711) last looked 3 s ago."
    by_none = "It sends by no method: pages appear in open consoles only."
    assert (answer.code, answer.out) == (0, f"{seen} {by_none}\n")
    beat(ann, methods=("sms",))
    assert ann("watch", "--status").out.endswith("ago. It sends by sms.\n")
    beat(ann, age=16, hosted=True)
    answer = ann("watch", "--status")
    assert answer.code == 1
    assert "The watcher on desk1 (process 4711, in a console) last looked 16 s ago" in answer.err
    beat(ann, state=STOPPED)
    answer = ann("watch", "--status")
    assert answer.code == 1
    assert "Nobody watches this desk. The watcher on desk1 (process 4711) was ended 0 s ago:" in answer.err
    beat(ann, state="CD-0000-0 cannot be escalated")
    answer = ann("watch", "--status")
    assert answer.code == 1
    assert "last looked 0 s ago. It cannot work as it should: CD-0000-0 cannot be escalated." in answer.err


def test_what_it_says_can_go_to_a_file(ann: Prompt, tmp_path: Path) -> None:
    log = tmp_path / "watch.log"
    answer = ann("watch", "--once", "--log", str(log))
    assert (answer.code, answer.err) == (0, "")
    assert log.read_text().rstrip().endswith("Z  watching")
    assert log.stat().st_mode & 0o777 == 0o600
    assert "cannot be written" in ann("watch", "--once", "--log", str(tmp_path / "none" / "log")).err


def test_there_must_be_a_desk(tmp_path: Path, ann: Prompt) -> None:
    elsewhere = Prompt(str(tmp_path / "none.db"), "ann", ann.clock)
    assert "There is no desk at" in elsewhere("watch", "--status").err


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_watches_until_it_is_told_to_end(ann: Prompt, number: signal.Signals) -> None:
    place = find_heartbeat(ann.address)
    command = [sys.executable, "-m", "supportdesk", "--db", ann.address, "watch", "--interval", "1"]
    process = subprocess.Popen(command, cwd=TREE, stderr=subprocess.PIPE, text=True)
    try:
        found = wait_for(place.read, lambda: "no heartbeat")
        assert found.pid == process.pid
        process.send_signal(number)
        _, said = process.communicate()
    finally:
        process.kill()
        process.wait()
    assert process.returncode == 0
    lines = [line.partition("  ")[2] for line in said.splitlines()]
    assert (lines[0], lines[-1]) == ("watching", "stopped")
    last = find_heartbeat(ann.address).read()
    assert last is not None
    assert last.state == STOPPED


@pytest.mark.sqlite
def test_it_watches_on_when_nobody_reads_its_log_any_more(ann: Prompt) -> None:
    place = find_heartbeat(ann.address)
    command = [sys.executable, "-m", "supportdesk", "--db", ann.address, "watch", "--interval", "1"]
    process = subprocess.Popen(command, cwd=TREE, stderr=subprocess.PIPE, text=True)
    try:
        wait_for(place.read, lambda: "no heartbeat")
        assert process.stderr is not None
        process.stderr.close()
        desk, away = Path(ann.address), Path(f"{ann.address}.away")

        def state() -> str:
            found = place.read()
            return found.state if found is not None else "no heartbeat"

        # Whatever changes is written to the log.
        desk.rename(away)
        wait_for(lambda: state() != WATCHING, state)
        away.rename(desk)
        wait_for(lambda: state() == WATCHING, state)
        process.terminate()
        assert process.wait() == 0
    finally:
        process.kill()
        process.wait()
    assert state() == STOPPED
