"""Which database is meant, and that its password is never shown."""

from pathlib import Path

import pytest

from supportdesk.cli import desk_address
from supportdesk.store.location import find_file
from tests.cli.prompt import call


@pytest.mark.parametrize(
    ("address", "file"),
    [
        ("desk.db", Path("desk.db")),
        ("/srv/a desk.db", Path("/srv/a desk.db")),
        ("sqlite:////srv/desk.db", Path("/srv/desk.db")),
        ("sqlite:///desk.db", Path("desk.db")),
        ("sqlite+pysqlite:////srv/desk.db?timeout=2", Path("/srv/desk.db")),
    ],
)
def test_a_path_or_a_sqlite_address_names_a_file(address: str, file: Path) -> None:
    assert find_file(address) == file


def test_a_server_is_no_file() -> None:
    assert find_file("postgresql+psycopg://ann@db.example/desk") is None


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("postgresql://ann:pa:s/s@w@db.example/desk", "postgresql://ann:***@db.example/desk"),
        (
            "postgresql+psycopg://ann:secret@db.example:5432/desk",
            "postgresql+psycopg://ann:***@db.example:5432/desk",
        ),
        (
            "postgresql://db.example/desk?user=ann&password=secret",
            "postgresql://db.example/desk?user=ann&password=***",
        ),
        ("postgresql://ann:sec?ret#x@db.example/desk", "postgresql://ann:***@db.example/desk"),
        ("postgresql://ann%3Asecret@db.example/desk", "postgresql://ann:***@db.example/desk"),
        ("postgresql://h/d?passw%6Frd=secret&a=b", "postgresql://h/d?passw%6Frd=***&a=b"),
        ("postgresql://h/d?sslpassword=secret", "postgresql://h/d?sslpassword=***"),
        ("postgresql://h/d?x=1;password=secret&a=b", "postgresql://h/d?***&a=b"),
        ("postgresql://h/d?password%3Dsecret", "postgresql://h/d?***"),
        ("postgresql://ann@db.example/desk", "postgresql://ann@db.example/desk"),
        ("postgresql://db.example:5432/desk", "postgresql://db.example:5432/desk"),
        ("sqlite:////srv/desk.db", "/srv/desk.db"),
    ],
)
def test_an_address_is_shown_without_its_password(address: str, shown: str) -> None:
    assert desk_address.display(address) == shown


@pytest.mark.parametrize(
    "address",
    [
        "postgresql:/ann:s3cret@db.example/desk",
        "host=db.example password=s3cret",
        " postgres:ann:s3cret@db.example",
        "postgresql://ann:s3cret/x@db.example/desk",
        "postgresql://ann:s3/s3cret@db.example/desk",
        "postgresql://ann:s3cret?x@db.example/desk",
        "postgresql://ann@db.example/desk?password%3Ds3cret",
    ],
)
def test_a_mistyped_address_is_refused_without_its_password(address: str) -> None:
    assert find_file(address) is None
    assert "s3cret" not in desk_address.display(address) + desk_address.name(address)
    for command in ("queue", "doctor", "--version"):
        answer = call("--db", address, command)
        assert "s3cret" not in answer.out + answer.err
        assert answer.code in (0, 1, 2)


def test_the_demo_has_another_desk_than_its_user(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert Path(desk_address.default_address()).is_relative_to(tmp_path)
    assert Path(desk_address.demo_address()).parent == Path(desk_address.default_address()).parent
    assert desk_address.demo_address() != desk_address.default_address()
