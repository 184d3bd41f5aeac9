"""A process that is killed in the middle of its work."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

from tests.patience import wait_for
from tests.terminal.conftest import Command, Console
from tests.terminal.tmux import Terminal

BURST = """
import sys
from supportdesk.desk import Desk
from supportdesk.desk_api import Applied
from supportdesk.tickets.process.conversation import Note
desk = Desk.open(sys.argv[1])
ref = desk.queue().rows[0].ref
for number in range(100_000):
    outcome = desk.do(Note(ref, f"burst {number}"), by=sys.argv[2])
    assert isinstance(outcome, Applied), outcome
    print(number, flush=True)
"""


def test_a_kill_in_a_burst_of_commands_loses_nothing_that_was_acknowledged(
    desk: Command, environment: dict[str, str], tmp_path: Path
) -> None:
    said = tmp_path / "said"
    with said.open("w") as out:
        writer = subprocess.Popen(
            [sys.executable, "-c", BURST, environment["SUPPORTDESK_DB"], "priya"],
            stdout=out,
            env={**os.environ, **environment},
        )
        wait_for(
            lambda: len(said.read_text().splitlines()) >= 40 or writer.poll() is not None, said.read_text
        )
        assert writer.poll() is None, "the burst ended by itself"
        writer.send_signal(signal.SIGKILL)
        writer.wait()
    acknowledged = {int(line) for line in said.read_text().split("\n")[:-1]}
    ref = json.loads(desk("queue", "--json"))[0]["ref"]
    timeline = json.loads(desk("show", ref, "--json"))["timeline"]
    told = [entry["sentence"] for entry in timeline]
    kept = {int(sentence.removeprefix("note: burst ")) for sentence in told if "note: burst" in sentence}
    assert len(acknowledged) >= 40
    assert acknowledged <= kept
    assert "The ledger is intact" in desk("verify")


def test_a_hang_up_leaves_the_desk_whole(desk: Command, console: Console) -> None:
    with console() as screen:
        screen.wait_for("CRITICAL")
        os.kill(screen.process, signal.SIGHUP)
        screen.wait_for_end()
    assert "The ledger is intact" in desk("verify")


def a_note(screen: Terminal, words: str) -> None:
    screen.wait_for("CRITICAL")
    screen.press("i")
    screen.wait_for("Write an internal note")
    screen.type(words)
    screen.wait_for(words)


def kept_in(home: Path, words: str) -> bool:
    """Whether some words are on the disk, as a draft."""
    return any(words in path.read_text() for path in home.rglob("drafts/*/*/*.json"))


def test_a_kill_in_the_middle_of_a_form_loses_nothing_that_was_typed(
    console: Console, desk: Command, tmp_path: Path
) -> None:
    with console() as screen:
        a_note(screen, "They rang from the train.")
        wait_for(lambda: kept_in(tmp_path, "They rang from the train."), screen.screen)
        os.kill(screen.process, signal.SIGKILL)
        screen.wait_for_end()
    with console() as screen:
        screen.wait_for("unfinished note, saved", "F7 continue")
        screen.press("f7")
        screen.wait_for("They rang from the train.", "F8 to start again")


def test_a_hang_up_in_the_middle_of_a_form_keeps_it_to_the_last_letter(
    console: Console, desk: Command, tmp_path: Path
) -> None:
    with console() as screen:
        a_note(screen, "They rang from the train.")
        os.kill(screen.process, signal.SIGHUP)
        screen.wait_for_end()
    assert kept_in(tmp_path, "They rang from the train.")
