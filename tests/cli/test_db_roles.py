"""`supportdesk db roles` prints the rights in a server's database, or gives them."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from supportdesk.cli.root import root
from supportdesk.store.postgres.roles import group_of
from supportdesk.tickets.documents import Role
from tests.databases import POSTGRES, SQLITE, use
from tests.postgres import database_in
from tests.store.desks import furnished, running_server

pytestmark = pytest.mark.server


def run(address: str, *arguments: str) -> tuple[int, str]:
    ran = CliRunner().invoke(root, ["--db", address, "--as", "sue", "db", "roles", *arguments])
    return ran.exit_code, ran.output


def test_the_statements_are_printed_as_sql_that_can_be_carried_out(tmp_path: Path) -> None:
    with use(POSTGRES):
        address = furnished(tmp_path)
        code, printed = run(address)
        assert code == 0
        assert 'GRANT "supportdesk_agent" TO "ann";' in printed.splitlines()
        assert 'GRANT UPDATE ON "public"."heartbeat" TO "supportdesk_watcher";' in printed.splitlines()
        with running_server().connect(database_in(address)) as connection:
            connection.execute(printed.encode())


def test_they_are_applied_and_said_to_be(tmp_path: Path) -> None:
    with use(POSTGRES):
        address = furnished(tmp_path)
        code, printed = run(address, "--apply")
        assert (code, printed.split(" and ")[0].split()[-1]) == (0, "logins")
        with running_server().connect(database_in(address), "ann") as connection:
            assert connection.execute("SELECT supportdesk_is('agent')").fetchone() == (True,)


def test_who_acts_under_another_name_than_their_login_is_told_what_to_give(tmp_path: Path) -> None:
    with use(POSTGRES):
        address = furnished(tmp_path)
        assert run(address, "--apply")[0] == 0
    wrong = "the login ann writes in its own name only: give --as ann, or log in as sue."
    hers = address.replace("//postgres@", "//ann@")
    acting = {
        (login, name): CliRunner().invoke(root, ["--db", login, "--as", name, "doctor"]).output
        for login, name in ((hers, "sue"), (hers, "ann"), (address, "sue"))
    }
    assert [pair for pair, printed in acting.items() if wrong in printed] == [(hers, "sue")]
    noted = CliRunner().invoke(root, ["--db", hers, "--as", "sue", "organisation", "add", "Bravo Ltd"])
    assert noted.exit_code == 2
    assert "cannot write in the name of sue: give --as ann, or log in as sue" in noted.output


def test_logins_that_have_other_roles_than_the_staff_are_named_until_the_roles_are_applied(
    tmp_path: Path,
) -> None:
    def advice() -> list[str]:
        printed = CliRunner().invoke(root, ["--db", address, "--as", "sue", "doctor"]).output
        return [line for line in printed.splitlines() if "Logins without the roles" in line]

    with use(POSTGRES):
        address = furnished(tmp_path)
        run(address, "--apply")
        with running_server().connect(database_in(address)) as connection:
            assert advice() == []
            connection.execute("REVOKE supportdesk_agent FROM ann; GRANT supportdesk_supervisor TO sam")
            assert [line.split(": ")[1].split(".")[0] for line in advice()] == ["ann, sam"]
            run(address, "--apply")
            assert advice() == []
            connection.execute("REVOKE INSERT ON ledger FROM " + ", ".join(map(group_of, Role)))
            connection.execute("REVOKE supportdesk_agent FROM ann")
            assert advice() == []


@pytest.mark.parametrize("arguments", [(), ("--apply",)])
def test_a_file_says_that_it_knows_no_logins_and_where_to_move(
    tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    with use(SQLITE):
        code, printed = run(furnished(tmp_path), *arguments)
    assert code == 1
    assert "supportdesk db copy" in printed
