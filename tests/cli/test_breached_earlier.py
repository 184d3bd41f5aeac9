"""The command line says of a ticket that was breached under another promise what the console says (rule 9)."""

from datetime import UTC, datetime

import pytest

from tests.cli.prompt import Prompt


@pytest.fixture
def raised(ann: Prompt) -> tuple[Prompt, str]:
    """A fix date passed unshipped, and the ticket was raised to High four minutes ago."""
    ref = ann.log("medium")
    ann.done("reply", ref, "--text", "We are looking.")
    ann.done("fix", ref, "--release", "7.4")
    ann.at(datetime(2026, 12, 10, 9, 38, tzinfo=UTC))
    ann.done("severity", ref, "--severity", "high", "--reason", "they cannot invoice")
    return ann.at(datetime(2026, 12, 10, 9, 42, tzinfo=UTC)), ref


def test_queue_shows_the_time_left_and_that_it_was_breached_earlier(raised: tuple[Prompt, str]) -> None:
    ann, ref = raised
    line = next(line for line in ann.done("queue").splitlines() if ref in line)
    assert line.split("  ")[0] == "breached earlier"
    assert " 23:56 " in line


def test_show_says_it(raised: tuple[Prompt, str]) -> None:
    ann, ref = raised
    assert "breached earlier, 23:56 left, due Mon 14 Dec 2026 13:38 GMT" in ann.done("show", ref)


def test_json_says_it(raised: tuple[Prompt, str]) -> None:
    ann, ref = raised
    clock = ann.ticket(ref)["resolution"]
    assert (clock["state"], clock["left_seconds"], clock["due"]) == (
        "breached earlier",
        86_160,
        "2026-12-14T13:38:00Z",
    )
    [row] = ann("queue", "--json").json
    assert row["resolution"] == clock


def test_explain_says_it(raised: tuple[Prompt, str]) -> None:
    ann, ref = raised
    told = " ".join(ann.done("explain", ref).split())
    assert "23 hours 56 minutes left: breached earlier." in told
    assert "It was breached Thu 10 Dec 2026 00:00 GMT, and a breach stays when the target changes." in told


def test_once_the_present_target_is_exceeded_it_is_breached(raised: tuple[Prompt, str]) -> None:
    ann, ref = raised
    ann.at(datetime(2026, 12, 14, 13, 38, 1, tzinfo=UTC))
    line = next(line for line in ann.done("queue").splitlines() if ref in line)
    assert line.split("  ")[0] == "breached"
    assert "-0:00:01" in line
    assert ann.ticket(ref)["resolution"]["state"] == "breached"
