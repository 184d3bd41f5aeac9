"""The past, played back."""

import json

from tests.terminal.conftest import Command, Console


def test_a_replay_shows_a_past_moment_and_its_time_flies(desk: Command, console: Console) -> None:
    start = min(row["received_at"] for row in json.loads(desk("queue", "--json")))
    with console("replay", "--from", start, "--speed", "600") as screen:
        screen.wait_for_line("▌", "CD-")
        screen.wait_for("REPLAY")
        then = screen.wait_for_line(" open ", "GMT")
        screen.wait_for("REPLAY", without=then)
        screen.press("c")
        screen.wait_for("can be changed in a replay")
