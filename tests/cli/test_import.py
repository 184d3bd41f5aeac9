"""`supportdesk import servicenow`."""

from pathlib import Path

import pytest

from tests.cli.prompt import Prompt

HEADER = (
    "number,incident_state,sys_mod_count,caller_id,opened_at,sys_updated_at,contact_type,location,priority,"
    "assignment_group,assigned_to,closed_code,resolved_by,resolved_at,closed_at"
)
ROWS = (
    "INC1,New,0,Caller 1,29-02-2016 01:16,29-02-2016 01:23,Phone,Location 1,3 - Moderate,Group 5,?,?,?,?,?",
    "INC1,Active,1,Caller 1,29-02-2016 01:16,29-02-2016 02:23,Phone,Location 1,3 - Moderate,Group 5,Resolver 2,?,?,?,?",
    "INC2,New,0,Caller 2,not a time,not a time,Phone,Location 1,2 - High,Group 5,?,?,?,?,?",
)


@pytest.fixture
def log_file(tmp_path: Path) -> Path:
    path = tmp_path / "log.csv"
    path.write_text("\n".join((HEADER, *ROWS)) + "\n")
    return path


def test_a_refused_row_is_listed_and_makes_the_exit_code_1_and_the_others_are_imported(
    ann: Prompt, log_file: Path
) -> None:
    answer = ann("import", "servicenow", str(log_file))
    assert answer.code == 1
    assert answer.out == (
        "1 incident in 3 rows: 2 imported, 0 without a change, 0 imported before, 1 refused; 1 remark.\n"
    )
    understood, refused = answer.err.splitlines()
    assert understood == ("Read as UTF-8, separated by commas; dates day first; times without a zone in UTC.")
    assert refused.startswith("line 4, INC2: it was updated at 'not a time'")
    [ticket] = ann("queue", "--json").json
    assert (ticket["received_at"], ticket["severity"]) == ("2016-02-29T01:16:00Z", "medium")


def test_taking_it_in_again_adds_nothing(ann: Prompt, log_file: Path) -> None:
    ann("import", "servicenow", str(log_file))
    before = ann.done("verify")
    assert (
        "0 imported, 0 without a change, 2 imported before" in ann("import", "servicenow", str(log_file)).out
    )
    assert ann.done("verify") == before


def test_it_is_for_administrators(ann: Prompt, log_file: Path) -> None:
    assert "administrator" in ann.by("sam").refused("import", "servicenow", str(log_file))


def test_a_file_that_is_no_such_log_is_refused(ann: Prompt, tmp_path: Path) -> None:
    other = tmp_path / "other.csv"
    other.write_text("a,b\n1,2\n")
    assert str(other) in ann.refused("import", "servicenow", str(other))
    assert "does not exist" in ann.refused("import", "servicenow", str(tmp_path / "missing.csv"))
    (tmp_path / "binary.csv.gz").write_bytes(b"\x1f\x8b\x00broken")
    assert "binary.csv.gz" in ann.refused("import", "servicenow", str(tmp_path / "binary.csv.gz"))


def test_an_export_without_a_refused_row_ends_well(ann: Prompt, tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text("\n".join((HEADER, *ROWS[:2])) + "\n")
    assert ann("import", "servicenow", str(path)).code == 0


def test_the_order_of_dates_and_the_zone_can_be_given(ann: Prompt, tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text("number,state,sys_updated_on,priority\nINC1,New,07-04-2026 09:00:00,3\n")
    answer = ann("import", "servicenow", str(path), "--dates", "mdy", "--zone", "Europe/London")
    assert "dates month first; times without a zone in Europe/London." in answer.err
    [ticket] = ann("queue", "--json").json
    assert ticket["received_at"] == "2026-07-04T08:00:00Z"


def test_a_zone_or_an_order_that_is_none_is_refused(ann: Prompt, log_file: Path) -> None:
    assert 'no time zone "Mars"' in ann.refused("import", "servicenow", str(log_file), "--zone", "Mars")
    assert "--dates" in ann.refused("import", "servicenow", str(log_file), "--dates", "ymd")
    assert "not month first" in ann.refused("import", "servicenow", str(log_file), "--dates", "mdy")
