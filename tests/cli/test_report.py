"""`supportdesk report`."""

import csv
from datetime import timedelta
from pathlib import Path

import pytest

from supportdesk.resources import data_path
from tests.cli.conftest import TUESDAY
from tests.cli.prompt import Prompt


def kept_and_broken(ann: Prompt) -> tuple[str, str]:
    """One High that was answered in time, and one that was not; two hours and more after TUESDAY."""
    answered, forgotten = ann.log("high"), ann.log("high")
    ann.done("claim", answered)
    ann.done("reply", answered, "--text", "We are looking at it.")
    ann.at(TUESDAY + timedelta(hours=4))
    return answered, forgotten


def test_it_shows_what_was_met_and_missed_by_severity_and_clock(ann: Prompt) -> None:
    kept_and_broken(ann)
    told = ann.done("report", "attainment").splitlines()
    assert told[0] == "November 2026"
    assert next(line.split() for line in told if line.startswith("High")) == [
        *("High", "response", "1", "1", "0", "50", "%", "95", "%"),
    ]
    assert told[-1].split() == ["all", "both", "1", "1", "2", "50", "%", "95", "%"]


def test_its_json_names_the_tickets_whose_promise_was_broken(ann: Prompt) -> None:
    _, forgotten = kept_and_broken(ann)
    told = ann("report", "attainment", "--json").json
    assert told["month"] == "2026-11"
    [high] = [each for each in told["promises"] if (each["severity"], each["clock"]) == ("High", "response")]
    assert high == {
        "severity": "High",
        "clock": "response",
        "kept": 1,
        "broken": 1,
        "running": 0,
        "percent": 50,
        "target_percent": 95,
        "broken_tickets": [forgotten],
    }


def test_a_month_that_is_over_keeps_its_figures_and_runs_no_more(ann: Prompt) -> None:
    kept_and_broken(ann)
    # Three days on, the resolution of the forgotten one is broken, too.
    ann.at(TUESDAY + timedelta(days=40))
    november = ann("report", "attainment", "--month", "2026-11", "--json").json["promises"][-1]
    assert (november["kept"], november["broken"], november["running"]) == (1, 3, 0)
    assert ann("report", "attainment", "--json").json["promises"][-1]["broken"] == 0


def test_a_month_without_promises_has_no_share(ann: Prompt) -> None:
    told = ann("report", "attainment", "--month", "2026-01", "--json").json["promises"]
    assert {each["percent"] for each in told} == {None}
    assert "–" in ann.done("report", "attainment", "--month", "2026-01")


def test_no_cell_of_its_csv_is_a_formula(ann: Prompt, tmp_path: Path) -> None:
    policy = data_path("policies/claritum.toml").read_text()
    renamed = policy.replace('name = "High"', 'name = "=cmd|calc"').replace('version = "1"', 'version = "2"')
    file = tmp_path / "policy.toml"
    file.write_text(renamed.replace("effective = 2016-01-01", "effective = 2026-11-24"))
    ann.done("policy", "install", str(file), "--despite-vacancy")
    told = list(csv.DictReader(ann.done("report", "attainment", "--csv").splitlines()))
    assert [row["severity"] for row in told[:4:2]] == ["Critical", "'=cmd|calc"]
    assert set(told[0]) == {
        "month",
        "severity",
        "clock",
        "kept",
        "broken",
        "running",
        "percent",
        "target_percent",
    }
    assert {row["month"] for row in told} == {"2026-11"}


@pytest.mark.parametrize("month", ["November", "2026-13", "2026"])
def test_what_is_no_month_is_refused(ann: Prompt, month: str) -> None:
    assert "type 2026-11" in ann.refused("report", "attainment", "--month", month)


def test_a_month_to_come_is_refused(ann: Prompt) -> None:
    assert "December 2026 is in the future" in ann.refused("report", "attainment", "--month", "2026-12")


@pytest.mark.parametrize("month", ["9999-12", "0001-01", "1950-06"])
def test_a_month_of_which_no_calendar_knows_is_refused(ann: Prompt, month: str) -> None:
    assert "outside 1990 to 2100" in ann.refused("report", "attainment", "--month", month)
