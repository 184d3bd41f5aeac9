"""`supportdesk verify`, `supportdesk backup` and `supportdesk doctor`."""

import re
import stat
from pathlib import Path

import pytest

from supportdesk import resources
from tests import databases
from tests.cli.prompt import Prompt, call
from tests.store.database_tool import database_tool

pytestmark = pytest.mark.usefixtures("database_kind", "durable")


def damage(desk: Prompt, statement: str) -> None:
    with database_tool(desk.address) as run:
        run(statement)


def test_verify_says_that_the_ledger_is_intact_and_what_its_last_event_is(
    ann: Prompt, tmp_path: Path
) -> None:
    ann.log()
    told = ann.done("verify")
    assert told.startswith("The ledger is intact: ")
    assert "1 ticket." in told
    noted = told.splitlines()[1].removeprefix("Last event ")
    assert re.fullmatch(r"[0-9]+:[0-9a-f]{64}", noted)
    assert ann.done("verify", "--expect", noted) == told
    ann.log()
    assert "The ledger is intact" in ann.done("verify", "--expect", noted)
    assert ann.done("backup", str(tmp_path / "copy.db")).splitlines()[1] == ann.done("verify").splitlines()[1]


@pytest.mark.sqlite
def test_verify_fails_for_a_ledger_that_lacks_the_event_that_was_noted(ann: Prompt, tmp_path: Path) -> None:
    ref = ann.log()
    ann.done("backup", str(tmp_path / "earlier.db"))
    ann.done("note", ref, "--text", "after the backup")
    noted = ann.done("verify").splitlines()[1].removeprefix("Last event ")
    ann.done("restore", str(tmp_path / "earlier.db"), "--yes")
    answer = ann("verify", "--expect", noted)
    assert (answer.code, answer.out) == (1, "")
    assert "it was expected, and the ledger ends at event 14" in answer.err
    number, _, digest = noted.partition(":")
    other = f"{int(number) - 1}:{digest}"
    assert "it was expected with another hash" in ann("verify", "--expect", other).err


@pytest.mark.parametrize(
    "noted", ["", "12", "12:", ":", "x:" + "0" * 64, "-1:" + "0" * 64, "1:" + "0" * 63, "1:é"]
)
def test_an_expected_event_that_is_none_is_a_bad_request(ann: Prompt, noted: str) -> None:
    assert "give it as `supportdesk verify` prints it" in " ".join(
        ann.refused("verify", "--expect", noted).split()
    )


def test_verify_fails_for_an_event_that_was_changed(ann: Prompt) -> None:
    ann.log()
    damage(ann, "UPDATE ledger SET payload = replace(payload, 'Approval', 'Payment') WHERE event = 'logged'")
    answer = ann("verify")
    assert (answer.code, answer.out) == (1, "")
    assert "broken at event" in answer.err
    assert "changed after it was written" in answer.err


def test_verify_fails_for_a_table_that_is_not_what_the_ledger_says(ann: Prompt) -> None:
    ref = ann.log()
    damage(ann, "UPDATE tickets SET summary = 'Nothing'")
    answer = ann("verify")
    assert (answer.code, answer.out) == (1, "")
    assert f"tickets {ref}: differs from the ledger: summary" in answer.err


def test_a_backup_is_a_desk_of_its_own_that_verifies(ann: Prompt, tmp_path: Path) -> None:
    ref = ann.log()
    told = ann.done("backup", str(tmp_path / "copy.db"))
    ann.done("claim", ref)
    assert str(tmp_path / "copy.db") in told
    copy = ("--db", str(tmp_path / "copy.db"))
    assert call(*copy, "verify").code == 0
    [ticket] = call(*copy, "queue", "--json").json
    assert (ticket["ref"], ticket["owner"]) == (ref, None)
    assert stat.S_IMODE((tmp_path / "copy.db").stat().st_mode) == 0o600


def test_a_backup_never_overwrites(ann: Prompt, tmp_path: Path) -> None:
    there = tmp_path / "there.db"
    there.write_text("mine")
    assert "already exists; give the name of a new file" in ann.refused("backup", str(there))
    assert there.read_text() == "mine"


def test_a_backup_to_where_none_can_be_fails(ann: Prompt, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    answer = ann("backup", str(tmp_path / "file" / "copy.db"))
    assert (answer.code, answer.out) == (1, "")
    assert "cannot be created" in answer.err


ADDRESS = ("--address", "sms +44 7700 900104")
NUMBER = (
    "the policy gives no number for Critical telephone, so that customers cannot be told what to ring; add `number` to"
    " that channel of your policy file, and install it with `supportdesk policy install`"
)
EVERY_ROLE = ("--rung", "support-manager", "--rung", "head-of-support", "--rung", "director")


def list_advice(told: str) -> list[str]:
    return [line.removeprefix("Advice").strip() for line in told.splitlines() if line.startswith("Advice")]


def test_doctor_shows_what_the_desk_rests_on(ann: Prompt) -> None:
    ann.done("staff", "change", "maya", *EVERY_ROLE)
    ann.done("staff", "change", "priya", *ADDRESS)
    told = ann.done("doctor")
    for label in (
        "Program",
        "Desk",
        "Database",
        "Journal" if databases.chosen_kind() == databases.SQLITE else "Server",
        "Search",
        "Schema",
        "Ledger",
        "Policy",
        "Holidays",
        "On call",
        "You",
    ):
        assert f"\n{label}" in f"\n{told}"
    assert list_advice(told) == [NUMBER]


def test_doctor_is_silent_on_the_number_once_the_policy_has_one(ann: Prompt, tmp_path: Path) -> None:
    text = resources.data_path("policies/claritum.toml").read_text()
    text = text.replace('version = "1"', 'version = "2"').replace("2016-01-01T", "2026-01-01T")
    path = tmp_path / "policy.toml"
    path.write_text(text.replace('open_to = "anyone"', 'open_to = "anyone"\nnumber = "+44 20 7946 0100"'))
    ann.done("policy", "install", str(path), "--despite-vacancy")
    assert NUMBER not in list_advice(ann.done("doctor"))


def test_doctor_advises_where_a_critical_would_reach_nobody(ann: Prompt) -> None:
    ann.done("staff", "change", "priya", "--gone", "--confirm")
    told = ann.done("doctor")
    assert "\nOn call     nobody\n" in told
    assert "nobody would be paged for Critical" in told


def test_doctor_advises_to_give_the_person_on_call_an_address_for_pages(ann: Prompt) -> None:
    told = "Priya Nair is on call, and pages reach them in an open console only; add an address with"
    assert told in ann.done("doctor")
    ann.done("staff", "change", "priya", *ADDRESS)
    assert told not in ann.done("doctor")


def test_rule_18_doctor_warns_of_a_gap_in_the_rota_before_it_comes(ann: Prompt) -> None:
    ann.done("rota", "set", "priya", "sam", "--from", "2026-11-23T08:00")
    ann.done("staff", "change", "maya", *EVERY_ROLE)
    ann.done("staff", "change", "priya", *ADDRESS)
    assert list_advice(ann.done("doctor")) == [NUMBER]
    ann.done("staff", "change", "sam", "--gone", "--confirm")
    gap = (
        "Nobody is on call from Mon 30 Nov 2026 08:00 GMT to Mon 7 Dec 2026 08:00 GMT, as Sam Okoro has left"
    )
    assert f"Advice      {gap}; a page reaches nobody; set the rota with `supportdesk rota set`" in ann.done(
        "doctor"
    )
    ann.done("staff", "change", "maya", "--telephone", "+44 7700 900107")
    assert f"{gap}; a page goes to Maya Brandt, Support Manager; set" in ann.done("doctor")


def test_doctor_names_the_roles_that_a_ladder_alerts_and_nobody_holds(ann: Prompt) -> None:
    told = ann.done("doctor")
    assert (
        "nobody is Head of Support, and a step for Critical would be skipped; give somebody the rung" in told
    )
    assert "staff change USERNAME --rung director" in told
    assert "nobody is Support Manager" not in told
    ann.done("staff", "change", "maya", "--gone")
    assert "nobody is on the escalation ladder" in ann.done("doctor")


@pytest.mark.sqlite
def test_doctor_fails_for_a_file_that_everybody_can_reach(ann: Prompt) -> None:
    Path(ann.address).chmod(0o666)
    answer = ann("doctor")
    assert answer.code == 1
    assert "chmod 600" in answer.err


def test_doctor_fails_where_there_is_no_desk(ann: Prompt, tmp_path: Path) -> None:
    answer = call("--db", str(tmp_path / "no.db"), "doctor")
    assert answer.code == 1
    assert "no.db init" in answer.err
