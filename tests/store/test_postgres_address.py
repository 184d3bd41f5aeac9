"""Addresses of desks on servers: several hosts, credentials from elsewhere, and what is refused."""

from __future__ import annotations

import pytest

from supportdesk.store.database import open_database
from supportdesk.store.errors import DeskUnavailableError
from supportdesk.store.location import find_file, read_completions
from supportdesk.store.postgres.address import is_postgres, parse_uri
from supportdesk.store.postgres.connections import describe_place, parameters
from tests.databases import POSTGRES, use
from tests.store.desks import running_server


def reason(address: str) -> str:
    with pytest.raises(DeskUnavailableError) as raised:
        open_database(address)
    return str(raised.value)


@pytest.mark.parametrize(
    ("address", "uri"),
    [
        ("postgresql+psycopg://db1,db2:5433/desk", "postgresql://db1,db2:5433/desk"),
        ("postgres://ann@db/desk?sslmode=require", "postgresql://ann@db/desk?sslmode=require"),
        ("PostgreSQL:///desk?service=desk", "postgresql:///desk?service=desk"),
    ],
)
def test_an_address_is_a_uri_of_libpq(address: str, uri: str) -> None:
    assert is_postgres(address)
    assert parse_uri(address) == uri
    assert find_file(address) is None


def test_of_several_hosts_the_one_that_can_be_written_is_used() -> None:
    given = parameters(parse_uri("postgresql+psycopg://db1,db2/desk"))
    assert (given["host"], given["target_session_attrs"]) == ("db1,db2", "read-write")
    assert parameters("postgresql://db/desk?target_session_attrs=any")["target_session_attrs"] == "any"
    assert parameters("postgresql://db/desk?connect_timeout=2")["connect_timeout"] == "2"


@pytest.mark.parametrize(
    ("uri", "place"),
    [
        ("postgresql://db1,db2/desk", "the database desk on db1, db2"),
        ("postgresql:///desk", "the database desk on this machine"),
        ("postgresql:///?service=support", "the database of the service support"),
    ],
)
def test_messages_name_the_place_without_credentials(uri: str, place: str) -> None:
    assert describe_place(uri) == place


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://desk:s3cret@db.example/desk",
        "postgresql+psycopg://db.example/desk?user=desk&password=s3cret",
        "postgresql://desk:s3cret@[/desk",
        "postgresql://db/desk?password=s3cret&sslmode=%zz",
    ],
)
def test_a_password_in_an_address_is_refused_and_never_shown(address: str) -> None:
    refusal = reason(address)
    assert "s3cret" not in refusal
    assert "~/.pgpass" in refusal


@pytest.mark.parametrize(
    "address", ["postgresql://db/desk?colour=blue", "postgresql://db:port/desk", "postgresql://[::1/desk"]
)
def test_an_address_that_cannot_be_read_says_what_to_write(address: str) -> None:
    assert "write postgresql://HOST/DATABASE" in reason(address)


def test_a_server_that_cannot_be_reached_is_named() -> None:
    refusal = reason("postgresql://127.0.0.1:1/desk?connect_timeout=1")
    assert refusal.startswith("the database desk on 127.0.0.1 cannot be reached (")
    assert refusal.endswith("): check the server and the network")


@pytest.mark.server
def test_a_database_that_is_missing_or_has_no_desk_says_what_to_do() -> None:
    with use(POSTGRES):
        server = running_server()
        missing = reason(server.address("no_such_database"))
        assert "has no such database: check its name in the address" in missing
        empty = reason(server.address(server.make_database()))
        assert empty.endswith("for a new desk, run `supportdesk init`")


@pytest.mark.server
def test_a_login_that_is_unknown_says_where_logins_come_from() -> None:
    with use(POSTGRES):
        server = running_server()
        refusal = reason(server.address("postgres", user="nobody_at_all"))
        assert "does not let you in: check your user name, ~/.pgpass or the service file" in refusal


@pytest.mark.server
def test_a_database_in_another_encoding_is_refused_before_anything_is_made() -> None:
    with use(POSTGRES):
        server = running_server()
        with server.connect("postgres") as connection:
            connection.execute("CREATE DATABASE latin ENCODING 'LATIN1' TEMPLATE template0 LOCALE 'C'")
        assert "stores texts in LATIN1; a desk needs UTF-8" in reason(server.address("latin"))


def test_completion_of_a_server_that_does_not_answer_is_empty() -> None:
    assert read_completions("postgresql://127.0.0.1:1/desk", "person", "a") == []
