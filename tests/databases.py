"""The kinds of database that tests run on, and the desks of a test on either: files, or databases of the tests' server.

A test that asks for `database_kind` runs once on each kind. Every test makes its desks by what is here, so that all of
them can be on PostgreSQL (`--database postgres`).
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import pytest

from tests.postgres import PostgresServer, database_in, shared_server

SQLITE, POSTGRES = "sqlite", "postgres"
KINDS = (SQLITE, POSTGRES)
NOT_INSTALLED = "PostgreSQL is not installed: apt-get install postgresql"

_chosen = [SQLITE]
_databases: dict[Path, str] = {}
"""The addresses of databases on the tests' server by the paths at which tests have them."""
_over: list[str] = []
"""The addresses of those that no test has any more."""
_folders: list[tempfile.TemporaryDirectory[str]] = []


def chosen_kind() -> str:
    """Return the kind of database on which the present test makes its desks."""
    return _chosen[-1]


def begin_test(kind: str) -> None:
    """Make desks on this kind of database from now on, outside blocks of `use`.

    The databases of folders that are gone are forgotten: the next test may have a folder of the same name.
    """
    _chosen[0] = kind
    _forget()


@cache
def find_users() -> frozenset[str]:
    """Return the names of the modules of the tests that can make a desk: they import this one, or one that does."""
    import grimp

    return frozenset(grimp.build_graph("tests", cache_dir=None).find_downstream_modules(__name__))


@contextmanager
def use(kind: str) -> Iterator[None]:
    """Make desks on this kind of database within the block."""
    if kind == POSTGRES and shared_server() is None:
        pytest.skip(NOT_INSTALLED)
    _chosen.append(kind)
    try:
        yield
    finally:
        _chosen.pop()


def address_at(path: Path) -> str:
    """Return the address of the desk at a path: the path, or the address of a database that stands for it.

    The database is empty at first, and is always the same for the path. It is removed some time after the folder.
    """
    if chosen_kind() == SQLITE:
        return str(path)
    if path not in _databases:
        path.parent.mkdir(parents=True, exist_ok=True)
        _place(path, "template0")
    return _databases[path]


def remove_desk(address: str) -> None:
    """Remove a desk: its file, or its database with the sessions in it."""
    if chosen_kind() == SQLITE:
        Path(address).unlink()
    else:
        _server().drop_database(database_in(address))


def copy_of(fill: Callable[..., None], path: Path, *arguments: object) -> str:
    """Return the address of a desk at a path, a copy of the one that `fill`, called with an address and these
    arguments, made the first time in this process.
    """
    made = _template(chosen_kind(), fill, *arguments)
    if chosen_kind() == SQLITE:
        return str(shutil.copy(made, path))
    return _place(path, database_in(made))


@cache
def _template(kind: str, fill: Callable[..., None], *arguments: object) -> str:
    if kind == SQLITE:
        _folders.append(tempfile.TemporaryDirectory(prefix="supportdesk-tests-"))
        address = f"{_folders[-1].name}/desk.db"
    else:
        address = _server().address(_server().make_database())
    fill(address, *arguments)
    if kind == POSTGRES:
        _server().seal(database_in(address))
    return address


def _place(path: Path, template: str) -> str:
    """Put a copy of a template at a path; remove what was there, and the databases of tests that are over."""
    server = _server()
    _forget(path)
    while _over:
        server.drop_database(database_in(_over.pop()))
    _databases[path] = server.address(server.make_database(template))
    return _databases[path]


def _forget(*paths: Path) -> None:
    """Let these paths, and those in folders that are gone, have no database any more."""
    gone = [each for each in _databases if each in paths or not each.parent.exists()]
    _over.extend(_databases.pop(each) for each in gone)


def _server() -> PostgresServer:
    server = shared_server()
    assert server is not None
    return server
