"""A desk from zero, as two people set one up with the command line alone."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from supportdesk.cli import console
from supportdesk.clock import FixedClock
from tests import databases
from tests.cli.prompt import Prompt
from tests.databases import copy_of
from tests.store.desks import running_server

TUESDAY = datetime(2026, 11, 24, 9, 42, tzinfo=UTC)
"""The office is open, in winter time."""


@pytest.fixture(autouse=True)
def nobodys_own_desk(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Keep tests away from the desk and the crash log of the user who runs them."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.delenv("SUPPORTDESK_DB", raising=False)


@pytest.fixture(autouse=True)
def somebody_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is called in this process counts as called in a terminal."""
    monkeypatch.setattr(console, "require_terminal", lambda: None)


def furnish(address: str) -> None:
    """Make a desk with staff, a customer, releases and articles, and no ticket."""
    ann = Prompt(address, "ann", FixedClock(TUESDAY))
    for line in (
        ["init"],
        ["staff", "add", "sam", "--name", "Sam Okoro", "--team", "User Support",
         "--email", "sam.okoro@desk.example"],
        ["staff", "add", "priya", "--name", "Priya Nair", "--team", "technical-support", "--role", "engineer",
         "--telephone", "+44 7700 900104"],
        ["staff", "add", "rosa", "--name", "Rosa Lindt", "--team", "account-management",
         "--role", "account-manager"],
        ["staff", "add", "maya", "--name", "Maya Brandt", "--team", "user-support", "--role", "supervisor",
         "--rung", "support-manager"],
        ["rota", "set", "priya", "--from", "2026-11-23T08:00"],
        ["organisation", "add", "Acme Ltd", "--account-manager", "Rosa Lindt"],
        ["contact", "add", "Jo Park", "--organisation", "Acme Ltd", "--super-user",
         "--telephone", "+44 20 7946 0018", "--email", "jo.park@acme.example"],
        ["organisation", "add", "Northwind Traders"],
        ["release", "add", "7.4", "--day", "2026-12-09"],
        ["knowledge", "add", "KB-12", "--title", "Why an export stops half-way"],
    ):  # fmt: skip
        ann.done(*line)


@pytest.fixture
def durable() -> None:
    """The tests' server, if a test has its desk there, has nothing of which `doctor` warns."""
    if databases.chosen_kind() == databases.POSTGRES:
        running_server().end_savings()


@pytest.fixture
def ann(tmp_path: Path) -> Prompt:
    """Ann, a supervisor of User Support, at a furnished desk of her own on a Tuesday morning."""
    return Prompt(copy_of(furnish, tmp_path / "desk.db"), "ann", FixedClock(TUESDAY))
