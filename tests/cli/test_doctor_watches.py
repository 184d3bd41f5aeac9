"""`supportdesk doctor` on watching: whether anybody watches, what is overdue, and a policy without a ladder."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from supportdesk.clock import FixedClock
from supportdesk.heartbeat import Heartbeat
from supportdesk.store.location import find_heartbeat
from tests.cli.prompt import Prompt
from tests.store.earlier_desk import MORNING, unpack

pytestmark = pytest.mark.usefixtures("durable")


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


def test_it_says_who_watches(ann: Prompt) -> None:
    assert "\nWatcher     Nobody watches this desk: run" in ann("doctor").out
    now = datetime.now(UTC)
    beat = Heartbeat("desk1", 7, "a" * 32, now, now, methods=("mail", "sms"))
    find_heartbeat(ann.address).write(beat)
    seen = "The watcher on desk1 (process 7) last looked 0 s ago. It sends by mail and sms."
    assert f"\nWatcher     {seen}\n" in ann("doctor").out


def test_it_fails_where_something_was_due_and_nobody_was_alerted(ann: Prompt) -> None:
    ref = ann.done("log", *CRITICAL, "--summary", "Everything hangs").split()[0]
    ann.clock.set(ann.clock.now() + timedelta(minutes=5, seconds=14))
    assert ann("doctor").code == 0
    ann.clock.set(ann.clock.now() + timedelta(seconds=1))
    answer = ann("doctor")
    assert answer.code == 1
    assert (
        f"Error: Nobody was alerted for {ref}, where something is due since Tue 24 Nov 2026 09:47 GMT. Nobody watches"
        " this desk: run `supportdesk watch`"
    ) in answer.err
    ann("watch", "--once")
    assert ann("doctor").code == 0


def test_a_desk_of_an_earlier_version_gets_a_ladder_with_the_command_that_doctor_names(
    tmp_path: Path,
) -> None:
    path = unpack(tmp_path, "0005")
    ann = Prompt(str(path), "ann", FixedClock(MORNING + timedelta(days=61)))
    ann.done("init")
    advice = "version 1 of the policy has no ladder, so that nobody is alerted as time passes"
    assert advice in ann("doctor").out
    assert "cannot change" in ann.refused("policy", "install", "--built-in")
    assert ann.done("policy", "install", "--built-in", "--new-version", "2").startswith(
        "Version 2 is in force"
    )
    assert advice not in ann("doctor").out
    ann.done("policy", "move", "2", "--apply")
    assert "at once  paged Ann Lee" in ann.done("explain", "CD-4C00-W", "--escalations")
    ann("watch", "--once")
    ann.done("verify")


def test_a_policy_is_a_file_or_the_built_in_one(ann: Prompt) -> None:
    assert "Give a policy file, or --built-in" in ann.refused("policy", "install")
    assert "Give a policy file, or --built-in" in ann.refused("policy", "install", "x.toml", "--built-in")
