"""Senders of the test, and the addresses at which they reach people."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from supportdesk.desk import Desk
from supportdesk.tickets.documents import Address
from supportdesk.watcher.deliveries import Deliveries
from supportdesk.watcher.sending.sender import (
    Sender,
)
from tests.watcher.deliveries.fake_sender import FakeSender, set_addresses


@pytest.fixture
def sms() -> FakeSender:
    return FakeSender()


@pytest.fixture
def mail() -> FakeSender:
    return FakeSender()


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def start(said: list[str]) -> Iterator[Callable[..., Deliveries]]:
    """Make watchers' tasks, which end with the test."""
    made: list[tuple[Deliveries, dict[str, Sender]]] = []

    def start(**senders: Sender) -> Deliveries:
        task = Deliveries(said.append, lambda: senders)
        made.append((task, senders))
        return task

    yield start
    for task, senders in made:
        for sender in senders.values():
            assert isinstance(sender, FakeSender)
            sender.free.set()
        task.close()


@pytest.fixture(autouse=True)
def addresses(desk: Desk) -> None:
    """Dora, who is on call, is reached by SMS; Sue and Ann by mail."""
    set_addresses(desk, "dora", Address("sms", "+44 7700 900123"))
    for username in ("sue", "ann"):
        set_addresses(desk, username, Address("mail", f"{username}@desk.example"))
