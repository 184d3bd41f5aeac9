"""Reports and exports can be read from a standby, and then say which event they reflect."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from supportdesk.cli.root import root
from supportdesk.store.database import open_database
from supportdesk.store.ledger import read_head
from supportdesk.store.location import find_reading_address
from supportdesk.store.postgres.address import to_read
from tests.databases import POSTGRES, remove_desk, use
from tests.postgres import database_in
from tests.store.desks import furnished, running_server


def run(address: str, *arguments: str) -> Result:
    return CliRunner().invoke(root, ["--db", address, "--as", "sue", *arguments])


def head_of(address: str) -> int:
    database = open_database(address)
    try:
        return database.read(read_head).seq
    finally:
        database.close()


def test_a_report_is_read_elsewhere_and_says_as_of_which_event(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "copy").mkdir()
    here, elsewhere = furnished(tmp_path), furnished(tmp_path / "copy")
    assert "As of event" not in run(here, "report", "attainment").stderr
    monkeypatch.setenv("SUPPORTDESK_DB_READ", elsewhere)
    remove_desk(here)
    found = run(here, "report", "attainment", "--month", "2026-11")
    assert found.exit_code == 0, found.output
    assert f"As of event {head_of(elsewhere):,}, read from {find_reading_address(elsewhere)}." in found.stderr
    assert "As of event" not in found.stdout
    exported = run(here, "export", str(tmp_path / "all.jsonl"))
    assert f"Last event {head_of(elsewhere)}:" in exported.output


def test_what_may_not_lag_is_read_from_the_desk_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = furnished(tmp_path)
    monkeypatch.setenv("SUPPORTDESK_DB_READ", str(tmp_path / "missing.db"))
    assert run(here, "queue").exit_code == 0
    assert run(here, "report", "attainment").exit_code == 1


@pytest.mark.parametrize(
    ("address", "read"),
    [
        ("postgresql://db/desk", "postgresql://db/desk?target_session_attrs=any"),
        (
            "postgresql://db/desk?sslmode=require",
            "postgresql://db/desk?sslmode=require&target_session_attrs=any",
        ),
        (
            "postgresql://a,b/desk?target_session_attrs=prefer-standby",
            "postgresql://a,b/desk?target_session_attrs=prefer-standby",
        ),
    ],
)
def test_a_server_that_can_only_be_read_will_do(address: str, read: str) -> None:
    assert to_read(address) == read


@pytest.mark.server
def test_a_server_that_is_read_only_is_reported_and_refuses_to_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with use(POSTGRES):
        address = furnished(tmp_path)
        with running_server().connect("postgres") as connection:
            connection.execute(
                f"ALTER DATABASE {database_in(address)} SET default_transaction_read_only = on"
            )
        monkeypatch.setenv("SUPPORTDESK_DB_READ", address)
        assert run(address, "report", "attainment").exit_code == 0
        refused = run(address, "organisation", "add", "Bravo Ltd")
        assert refused.exit_code == 1
