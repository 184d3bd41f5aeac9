"""`supportdesk init`: a desk from zero, on which two people can work."""

import os
import pwd
import sqlite3
import stat
from pathlib import Path

import pytest

from supportdesk.clock import FixedClock
from supportdesk.store.sqlite.database_file import APPLICATION_ID
from tests.cli.conftest import TUESDAY
from tests.cli.prompt import Prompt, call
from tests.databases import POSTGRES, address_at
from tests.store.newer_program import newer_program

pytestmark = pytest.mark.usefixtures("database_kind")


@pytest.fixture
def nothing(tmp_path: Path) -> Prompt:
    """Ann, where there is no desk yet."""
    return Prompt(address_at(tmp_path / "team" / "desk.db"), "ann", FixedClock(TUESDAY))


def test_it_makes_a_desk_with_the_policy_and_its_creator_and_says_what_to_do_next(
    nothing: Prompt,
) -> None:
    told = nothing.done("init")
    assert f"The desk is at {nothing.address}." in told
    assert "You are ann (ann): supervisor, administrator." in told
    assert "supportdesk staff add" in told
    assert [version["version"] for version in nothing("policy", "list", "--json").json] == ["1"]
    assert nothing.done("queue").startswith("No open tickets")


@pytest.mark.sqlite
def test_its_file_is_its_makers_alone(nothing: Prompt) -> None:
    nothing.done("init")
    assert stat.S_IMODE(Path(nothing.address).stat().st_mode) == 0o600


def test_run_again_it_does_no_harm(nothing: Prompt) -> None:
    nothing.done("init")
    nothing.done("organisation", "add", "Acme Ltd")
    nothing.done("contact", "add", "Jo Park", "--organisation", "Acme Ltd")
    ref = nothing.log()
    assert "and up to date" in nothing.done("init")
    assert nothing.ticket(ref)["stage"] == "triage"
    assert len(nothing("staff", "list", "--json").json) == 1


def test_somebody_else_does_not_become_staff_by_it(nothing: Prompt) -> None:
    nothing.done("init")
    assert "eve is not on the staff" in nothing.by("eve").done("init")
    assert "eve is not on the staff" in nothing.by("eve").refused(
        "staff", "add", "eve", "--name", "E", "--team", "x"
    )


def test_two_people_run_a_desk_from_then_on(nothing: Prompt) -> None:
    nothing.done("init")
    nothing.done("staff", "add", "sam", "--name", "Sam Okoro", "--team", "user-support", "--role", "agent")
    sam = nothing.by("sam")
    ref = sam("log", "--severity", "high", "--channel", "email", "--organisation", "Acme Ltd", "--contact", "Jo Park",
              "--summary", "Approval fails", "--new-organisation", "--json").json["ref"]  # fmt: skip
    nothing.done("assign", ref, "--owner", "sam")
    sam.done("reply", ref, "--text", "We see it")
    sam.done("resolve", ref, "--text", "Put right", "--how", "fix")
    nothing.done("close", ref)
    actors = [entry["actor"] for entry in nothing.ticket(ref)["timeline"]]
    assert {"ann", "sam"} == set(actors)
    assert "The ledger is intact" in nothing.done("verify")


def test_the_desk_of_a_user_lies_in_their_data_folder_and_is_theirs(tmp_path: Path) -> None:
    told = call("init").out
    desk = tmp_path / "data" / "supportdesk" / "desk.db"
    me = pwd.getpwuid(os.getuid()).pw_name
    assert desk.exists()
    assert f"The desk is at {desk}." in told
    assert f"({me}): supervisor, administrator." in told


def test_the_environment_does_not_say_who_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.setenv(name, "mallory")
    call("init")
    [me] = call("staff", "list", "--json").json
    assert me["username"] == pwd.getpwuid(os.getuid()).pw_name


def test_the_environment_says_which_desk(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SUPPORTDESK_DB", f"sqlite:///{tmp_path}/other.db")
    assert call("init").code == 0
    assert (tmp_path / "other.db").exists()


def test_a_file_that_is_something_else_is_left_alone(tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    sqlite3.connect(other).execute("CREATE TABLE theirs (x)").connection.close()
    before = other.read_bytes()
    answer = call("--db", str(other), "init")
    assert (answer.code, answer.out) == (1, "")
    assert "not a desk of supportdesk" in answer.err
    assert other.read_bytes() == before


def test_a_folder_that_cannot_be_written_is_reported(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    answer = call("--db", str(tmp_path / "file" / "desk.db"), "init")
    assert (answer.code, answer.out) == (1, "")
    assert "cannot be opened (Not a directory): check the file" in answer.err


@pytest.mark.sqlite
def test_a_desk_of_an_older_version_is_brought_on(nothing: Prompt) -> None:
    path = Path(nothing.address)
    path.parent.mkdir()
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.close()
    answer = nothing("queue")
    assert (answer.code, answer.out) == (1, "")
    assert "run `supportdesk init`" in answer.err
    nothing.done("init")
    assert nothing.done("queue").startswith("No open tickets")


@pytest.mark.parametrize("line", [["init"], ["demo", "--fill-only", "--tickets", "1"]])
def test_no_desk_is_made_where_the_journal_of_another_waits(line: list[str], tmp_path: Path) -> None:
    journal = tmp_path / "new.db-journal"
    journal.write_bytes(b"\xd9\xd5\x05\xf9 a\xa1c\xd7")
    answer = call("--db", str(tmp_path / "new.db"), *line)
    assert (answer.code, answer.out) == (1, "")
    assert f"{journal} is the journal of an earlier file" in answer.err
    assert "supportdesk restore BACKUP" in answer.err
    assert not (tmp_path / "new.db").exists()


def test_an_upgrade_on_a_server_says_that_logins_need_rights_to_what_is_new(
    nothing: Prompt, database_kind: str
) -> None:
    nothing.done("init")
    with newer_program():
        said = nothing.done("init")
    assert "It was made by an older version. A copy as it was is " in said
    assert ("run `supportdesk db roles --apply` now" in said) == (database_kind == POSTGRES)
    with newer_program():
        assert "roles --apply" not in nothing.done("init")
