"""`supportdesk due`: what the policy would promise."""

from pathlib import Path

import pytest

from tests.cli.prompt import Prompt, call

BEFORE_CHRISTMAS = ("--at", "2026-12-24T17:00")


def test_it_counts_over_closed_days(ann: Prompt) -> None:
    assert ann.done("due", "--severity", "high", *BEFORE_CHRISTMAS).splitlines() == [
        "High, received Thu 24 Dec 2026 17:00 GMT",
        "Response    by Tue 29 Dec 2026 10:00 GMT  (3 h, office hours)",
        "Resolution  by Thu 31 Dec 2026 11:00 GMT  (24 h, office hours)",
    ]


def test_its_json_gives_instants_in_utc_and_targets_in_seconds(ann: Prompt) -> None:
    assert ann("due", "--severity", "High", *BEFORE_CHRISTMAS, "--json").json == {
        "severity": "high",
        "at": "2026-12-24T17:00:00Z",
        "policy": "1",
        "response": {"due": "2026-12-29T10:00:00Z", "target_seconds": 10_800, "calendar": "office"},
        "resolution": {
            "due": "2026-12-31T11:00:00Z",
            "target_seconds": 86_400,
            "calendar": "office",
            "promise": "Service is restored, or a fix is given, within 24 office hours.",
        },
    }


def test_a_target_that_is_a_step_has_no_time(ann: Prompt) -> None:
    told = ann("due", "--severity", "medium", *BEFORE_CHRISTMAS, "--json").json["resolution"]
    assert (told["due"], told["target_seconds"], told["calendar"]) == (None, None, None)
    assert f"Resolution  {told['promise']}" in ann.done("due", "--severity", "medium", *BEFORE_CHRISTMAS)


def test_an_instant_without_an_offset_is_in_the_policys_zone(ann: Prompt) -> None:
    summer = ann("due", "--severity", "critical", "--at", "2026-07-01T12:00", "--json").json
    assert summer == ann("due", "--severity", "critical", "--at", "2026-07-01T11:00Z", "--json").json
    assert summer["response"]["due"] == "2026-07-01T12:00:00Z"


def test_a_time_that_never_was_is_refused(ann: Prompt) -> None:
    assert "skip" in ann.refused("due", "--severity", "high", "--at", "2026-03-29T01:30")


def test_an_unknown_severity_is_refused_with_those_that_there_are(ann: Prompt) -> None:
    assert "critical (Critical)" in ann.refused("due", "--severity", "urgent", *BEFORE_CHRISTMAS)


def test_it_is_refused_without_a_severity_or_a_time(ann: Prompt) -> None:
    assert "--severity" in ann.refused("due", *BEFORE_CHRISTMAS)
    assert "--at" in ann.refused("due", "--severity", "high")


def test_beyond_what_the_calendar_knows_it_says_so_instead_of_guessing(ann: Prompt) -> None:
    answer = ann("due", "--severity", "high", "--at", "2100-12-31T17:59")
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.startswith("Error: ")


def test_without_a_desk_the_policy_of_the_program_answers(tmp_path: Path) -> None:
    nowhere = str(tmp_path / "no.db")
    answer = call("--db", nowhere, "due", "--severity", "high", *BEFORE_CHRISTMAS, "--json")
    assert answer.code == 0
    assert answer.json["response"]["due"] == "2026-12-29T10:00:00Z"
    assert nowhere in answer.err
    assert not Path(nowhere).exists()


def test_a_day_that_was_declared_closed_counts(ann: Prompt) -> None:
    ann.done("day", "close", "2026-12-29", "--reason", "office moves")
    told = ann("due", "--severity", "high", *BEFORE_CHRISTMAS, "--json").json
    assert told["response"]["due"] == "2026-12-30T10:00:00Z"


@pytest.mark.parametrize("at", ["2026-12-24", "20261224T000000"])
def test_any_iso_8601_will_do(ann: Prompt, at: str) -> None:
    assert ann("due", "--severity", "high", "--at", at, "--json").json["at"] == "2026-12-24T00:00:00Z"
