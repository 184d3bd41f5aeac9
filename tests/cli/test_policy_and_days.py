"""Installing versions of the policy, and changing the hours of single days."""

from datetime import timedelta
from pathlib import Path

import pytest

from supportdesk.cli.default_policy import DEFAULT_POLICY
from supportdesk.resources import data_path
from tests.cli.conftest import TUESDAY
from tests.cli.prompt import Prompt, call


def test_hours_of_a_day_are_read_as_people_type_them(ann: Prompt) -> None:
    told = ann("day", "open", "28 Nov", "--reason", "x", "--hours", "9-12.30", "--hours", "1pm - 5pm").out
    assert told == "The office is open on Sat 28 Nov 2026, 09:00-12:30, 13:00-17:00.\n"
    told = ann("day", "open", "28 Nov", "--reason", "x", "--hours", "9:00\u201312:30", "--hours", "22-2").out
    assert told == "The office is open on Sat 28 Nov 2026, 09:00-12:30, 22:00-02:00 the next day.\n"


def another_version(tmp_path: Path) -> Path:
    path = tmp_path / "next.toml"
    text = data_path(DEFAULT_POLICY).read_text()
    text = text.replace('version = "1"', 'version = "2"').replace(
        "2016-01-01T00:00:00Z", "2027-01-01T00:00:00Z"
    )
    path.write_text(text)
    return path


def test_a_policy_is_installed_with_its_date_of_effect(ann: Prompt, tmp_path: Path) -> None:
    told = ann.done("policy", "install", str(another_version(tmp_path)), "--despite-vacancy")
    assert told == "Version 2 is in force from Fri 1 Jan 2027 00:00 GMT.\n"
    assert [(each["version"], each["in_force"]) for each in ann("policy", "list", "--json").json] == [
        ("1", True),
        ("2", False),
    ]
    assert "Fri 1 Jan 2027" in ann.done("policy", "list")
    assert ann("due", "--severity", "high", "--at", "2027-02-01T10:00", "--json").json["policy"] == "2"


def test_a_ladder_with_a_role_that_nobody_holds_is_refused_with_file_and_line(
    ann: Prompt, tmp_path: Path
) -> None:
    path = another_version(tmp_path)
    place = path.read_text().splitlines().index('to = ["director"]') + 1
    refusal = ann.refused("policy", "install", str(path))
    assert f"{path}, line {place}: " in refusal
    assert "nobody is Director, so the step would be skipped; give somebody the rung" in refusal
    assert "Support Manager" not in refusal
    everything = [
        option for key in ("support-manager", "head-of-support", "director") for option in ("--rung", key)
    ]
    ann.done("staff", "change", "maya", *everything)
    ann.done("policy", "install", str(path))


def test_a_version_that_was_promised_stays_as_it_was(ann: Prompt, tmp_path: Path) -> None:
    path = tmp_path / "changed.toml"
    path.write_text(data_path(DEFAULT_POLICY).read_text().replace("hours = 3 }", "hours = 30 }"))
    again = ann.refused("policy", "install", str(path), "--despite-vacancy")
    assert "give the changed policy another version" in again


def test_a_policy_is_checked_without_a_desk(tmp_path: Path) -> None:
    assert call("policy", "check", str(data_path(DEFAULT_POLICY))).out.endswith("no faults.\n")
    faulty = tmp_path / "faulty.toml"
    faulty.write_text(
        data_path(DEFAULT_POLICY).read_text().replace('channels = ["hotline"]', 'channels = ["drum"]')
    )
    answer = call("policy", "check", str(faulty))
    assert answer.code == 2
    assert f"{faulty}, line" in answer.err
    assert "drum" in answer.err


def test_receipts_without_a_number_for_a_critical_are_said_when_a_policy_is_checked_and_installed(
    ann: Prompt, tmp_path: Path
) -> None:
    path = another_version(tmp_path)
    text = path.read_text()
    promised = text.replace('version = "2"', 'version = "2"\nmails = ["receipt", "reply"]')
    said = "Receipts do not say which number to call for a Critical, as the policy gives no `number` to the channel"
    for given, is_said in (
        (text, False),
        (promised, True),
        (promised.replace(', "reply"', "").replace("receipt", "reply"), False),
        (promised.replace('key = "hotline"', 'key = "hotline"\nnumber = "+44 20 7946 0000"'), False),
    ):
        path.write_text(given)
        checked = call("policy", "check", str(path))
        assert (checked.code, said in checked.err) == (0, is_said)
    path.write_text(promised)
    installed = ann("policy", "install", str(path), "--despite-vacancy")
    assert (installed.code, said in installed.err) == (0, True)


@pytest.mark.parametrize("content", [b"", b"version = ", b"\xff\xfe", b'version = "1"'])
def test_a_file_that_is_no_policy_is_refused_in_words(ann: Prompt, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "no.toml"
    path.write_bytes(content)
    assert str(path) in ann.refused("policy", "install", str(path))
    assert "cannot be read" in ann.refused("policy", "install", str(tmp_path / "missing.toml"))


def test_a_closed_day_moves_what_is_due_and_shows_why(ann: Prompt) -> None:
    ref = ann.at(TUESDAY + timedelta(hours=7)).log("high")
    assert ann.ticket(ref)["response"]["due"] == "2026-11-25T09:42:00Z"
    ann.done("day", "close", "2026-11-25", "--reason", "no heating")
    assert ann.ticket(ref)["response"]["due"] == "2026-11-26T09:42:00Z"
    assert "no heating" in ann.ticket(ref)["timeline"][-1]["sentence"]


def test_an_extra_opening_moves_what_is_due(ann: Prompt) -> None:
    ref = ann.at(TUESDAY + timedelta(days=3, hours=7)).log("high")
    assert ann.ticket(ref)["response"]["due"] == "2026-11-30T09:42:00Z"
    told = ann.done("day", "open", "2026-11-28", "--hours", "09:00-12:00", "--reason", "stocktaking")
    assert "09:00-12:00" in told
    assert ann.ticket(ref)["response"]["due"] == "2026-11-28T10:42:00Z"


def test_a_day_is_refused_without_a_reason_a_calendar_or_hours_that_can_be(ann: Prompt) -> None:
    assert "--reason" in ann.refused("day", "close", "2026-11-25")
    assert "say why" in ann.refused("day", "close", "2026-11-25", "--reason", " ")
    assert "no calendar 'moon'" in ann.refused(
        "day", "close", "2026-11-25", "--calendar", "moon", "--reason", "x"
    )
    opening = ("day", "open", "2026-11-28", "--reason", "x")
    assert "Give hours such as 9:00-12:30" in ann.refused(*opening, "--hours", "nine to five")
    assert ann(*opening, "--hours", "09:00-25:00").code == 2


def test_changed_days_are_listed_in_their_order(ann: Prompt) -> None:
    ann.done("day", "open", "2026-11-28", "--hours", "09:00-12:00", "--reason", "stocktaking")
    ann.done("day", "close", "2026-11-25", "--reason", "no heating")
    assert ann.done("day", "list").splitlines() == [
        "DAY         CALENDAR  HOURS        REASON",
        "2026-11-25  office    closed       no heating",
        "2026-11-28  office    09:00-12:00  stocktaking",
    ]
    first, second = ann("day", "list", "--json").json
    assert (first["day"], first["spans"]) == ("2026-11-25", [])
    assert second["spans"] == [["09:00", "12:00"]]
    assert len(ann("day", "list", "--json").json) == 2
