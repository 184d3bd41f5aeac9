"""The kinds of database that tests run on: a test that asks for `database_kind` runs once on each."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.postgres import shared_server

SQLITE, POSTGRES = "sqlite", "postgres"
KINDS = (SQLITE, POSTGRES)

_chosen = [SQLITE]


def chosen_kind() -> str:
    """Return the kind of database on which the present test makes its desks."""
    return _chosen[-1]


@contextmanager
def use(kind: str) -> Iterator[None]:
    """Make desks on this kind of database within the block."""
    if kind == POSTGRES and shared_server() is None:
        pytest.skip("PostgreSQL is not installed: apt-get install postgresql")
    _chosen.append(kind)
    try:
        yield
    finally:
        _chosen.pop()
